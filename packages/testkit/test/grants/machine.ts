import type { TestClient } from "../../src/oauth/AuthorizationServerOptions.ts"

// With what is lost where it is not form-encoded for HTTP Basic (RFC 6749, section 2.3.1).
export const clientId = "machine/1:+"
export const clientSecret = "canary of a machine's secret: +/=%"

/** A client that needs no user. */
export const machine: TestClient = {
  clientId,
  clientSecret,
  redirectUris: [],
  grantTypes: ["client_credentials"],
}

const formEncoded = (text: string) => new URLSearchParams({ x: text }).toString().slice(2)

/** How it proves itself. */
export const basic = `Basic ${btoa([clientId, clientSecret].map(formEncoded).join(":"))}`

/** The extension `oauth` of a server that is spoken to by it. */
export const machineOAuth = (issuer: string) => ({
  client_id: clientId,
  client_secret: clientSecret,
  issuer,
  grant_type: "client_credentials",
})
