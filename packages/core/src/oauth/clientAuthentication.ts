import * as Redacted from "effect/Redacted"
import { AuthorizationFailed } from "./AuthorizationFailed.ts"
import type { AuthorizationServer } from "./AuthorizationServer.ts"
import { clientAssertion } from "./clientAssertion.ts"
import type { OAuthClient } from "./OAuthClient.ts"
import type { RegisteredClient } from "./RegisteredClient.ts"

/** Adds to a request what proves to an authorization server which client asks. */
export type AddClientAuthentication = (headers: Headers, form: URLSearchParams) => Promise<void>

/**
 * How a client proves itself at an authorization server (RFC 6749, section 2.3). The MCP client would join id and
 * secret as they are: a `+` or `%` then arrives as something else, and what is not Latin-1 not at all.
 *
 * @param registered the clients of the host, whose keys are never stored.
 */
export const clientAuthentication =
  (
    server: AuthorizationServer,
    client: OAuthClient,
    registered: ReadonlyArray<RegisteredClient>,
  ): AddClientAuthentication =>
  async (headers, form) => {
    const { clientId } = client
    const proof = proofOf(server, client)
    if (proof.type === "client_secret_basic") {
      headers.set("authorization", basicAuthorization(clientId, proof.secret))
      return
    }
    form.set("client_id", clientId)
    if (proof.type === "client_secret_post") form.set("client_secret", proof.secret)
    if (proof.type === "private_key_jwt") {
      const key = registered.find(
        (known) => known.issuer === server.issuer && known.clientId === clientId,
      )?.privateKey
      if (key === undefined) throw keyUnusable
      const assertion = await clientAssertion(clientId, server.issuer, key).catch(() => {
        // What it says of the key may repeat some of it.
        throw keyUnusable
      })
      form.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
      form.set("client_assertion", assertion)
    }
  }

/** It was taken out of the options meanwhile, or is no key of its algorithm. */
const keyUnusable = new AuthorizationFailed({
  code: "identity_unavailable",
  problem:
    "This host has no private key that can be used for its client at the authorization server. Tell its operator to check the options oauth.clients and oauth.grants.",
})

type Proof =
  | { readonly type: "client_secret_basic" | "client_secret_post"; readonly secret: string }
  | { readonly type: "none" | "private_key_jwt" }

/** As was agreed on, where the authorization server takes that; or else in the best way that it takes. */
const proofOf = (
  { tokenEndpointAuthMethods: methods }: AuthorizationServer,
  { authMethod, clientSecret }: OAuthClient,
): Proof => {
  if (authMethod === "private_key_jwt") return { type: authMethod }
  if (clientSecret === null) return { type: "none" }
  const secret = Redacted.value(clientSecret)
  // RFC 8414, section 2: of one that says nothing, the header is to be expected.
  const isSupported = (method: string) => methods.length === 0 || methods.includes(method)
  if (authMethod === "none" && isSupported(authMethod)) return { type: authMethod }
  if (authMethod === "client_secret_post" && isSupported(authMethod)) return { type: authMethod, secret }
  if (isSupported("client_secret_basic")) return { type: "client_secret_basic", secret }
  return !isSupported("client_secret_post") && isSupported("none")
    ? { type: "none" }
    : { type: "client_secret_post", secret }
}

/** RFC 6749, section 2.3.1: both are form-encoded before they are joined. */
const basicAuthorization = (clientId: string, clientSecret: string): string => {
  const pair = [clientId, clientSecret].map((part) => new URLSearchParams({ x: part }).toString().slice(2))
  return `Basic ${globalThis.btoa(pair.join(":"))}`
}
