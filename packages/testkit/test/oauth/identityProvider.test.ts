import { decodeJwt, decodeProtectedHeader } from "jose"
import { afterAll, beforeAll, expect, it } from "vitest"
import { identityProvider, type TestIdentityProvider } from "../../src/oauth/identityProvider.ts"

const clientId = "host"
const clientSecret = "the host's secret"
const issuer = "https://auth.example"
let provider: TestIdentityProvider
beforeAll(async () => {
  provider = await identityProvider({ clientId, clientSecret, clientIdElsewhere: "elsewhere" })
})
afterAll(() => provider.close())

const exchange = async (change: Readonly<Record<string, string>> = {}) => {
  const form = {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    requested_token_type: "urn:ietf:params:oauth:token-type:id-jag",
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    subject_token: await provider.idToken("alice"),
    audience: issuer,
    resource: "https://mcp.example/mcp",
    client_id: clientId,
    client_secret: clientSecret,
    ...change,
  }
  const answer = await fetch(provider.tokenEndpoint, { method: "POST", body: new URLSearchParams(form) })
  // The provider is ours, and gives that or an error.
  const body = (await answer.json()) as {
    readonly access_token?: string
    readonly issued_token_type?: string
  }
  return { status: answer.status, assertion: body.access_token ?? "", type: body.issued_token_type }
}

it("exchanges an ID token for an assertion that is good at one authorization server, for one client", async () => {
  const { assertion, status, type } = await exchange()
  expect([status, type]).toStrictEqual([200, "urn:ietf:params:oauth:token-type:id-jag"])
  expect(decodeProtectedHeader(assertion).typ).toBe("oauth-id-jag+jwt")
  expect(decodeJwt(assertion)).toMatchObject({
    aud: issuer,
    client_id: "elsewhere",
    resource: "https://mcp.example/mcp",
    sub: "alice",
  })
  expect(await provider.userOf(assertion, issuer, "elsewhere")).toBe("alice")
  expect(await provider.userOf(assertion, "https://other.example", "elsewhere")).toBeUndefined()
  expect(await provider.userOf(assertion, issuer, clientId)).toBeUndefined()
})

it("takes no ID token for an assertion, nor the other way round", async () => {
  expect(await provider.userOf(await provider.idToken("alice"), clientId, "elsewhere")).toBeUndefined()
  const { assertion } = await exchange({ audience: clientId })
  expect((await exchange({ subject_token: assertion })).status).toBe(400)
})

it("refuses other clients, and what it is not for", async () => {
  expect((await exchange({ client_secret: "wrong" })).status).toBe(401)
  expect((await exchange({ client_id: "another" })).status).toBe(401)
  expect((await exchange({ grant_type: "client_credentials" })).status).toBe(400)
  expect(
    (await exchange({ requested_token_type: "urn:ietf:params:oauth:token-type:access_token" })).status,
  ).toBe(400)
  expect((await exchange({ subject_token: "garbage" })).status).toBe(400)
})
