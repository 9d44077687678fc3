import * as Redacted from "effect/Redacted"
import { decodeJwt, decodeProtectedHeader } from "jose"
import { exportPKCS8, generateKeyPair, jwtVerify } from "jose"
import { describe, expect, test } from "vitest"
import type { AuthorizationServer } from "../../src/oauth/AuthorizationServer.ts"
import { clientAssertion } from "../../src/oauth/clientAssertion.ts"
import { clientAuthentication } from "../../src/oauth/clientAuthentication.ts"
import type { OAuthClient } from "../../src/oauth/OAuthClient.ts"
import type { RegisteredClient } from "../../src/oauth/RegisteredClient.ts"

const issuer = "https://auth.example"
const serverWith = (tokenEndpointAuthMethods: ReadonlyArray<string>): AuthorizationServer => ({
  issuer,
  authorizationEndpoint: `${issuer}/authorize`,
  tokenEndpoint: `${issuer}/token`,
  registrationEndpoint: null,
  revocationEndpoint: null,
  tokenEndpointAuthMethods,
  scopes: [],
  takesClientIdMetadataDocument: false,
  takesDpop: false,
  promisesIssuer: false,
})
const clientWith = (secret: string | null, authMethod: string | null): OAuthClient => ({
  clientId: "an id: +%é",
  clientSecret: secret === null ? null : Redacted.make(secret),
  authMethod,
})

const added = async (
  server: AuthorizationServer,
  client: OAuthClient,
  registered: ReadonlyArray<RegisteredClient> = [],
) => {
  const headers = new Headers()
  const form = new URLSearchParams()
  await clientAuthentication(server, client, registered)(headers, form)
  return { headers: Object.fromEntries(headers), form: Object.fromEntries(form) }
}

const secret = "a secret: +%é"
// RFC 6749, section 2.3.1, by hand.
const basic = {
  headers: { authorization: `Basic ${btoa("an+id%3A+%2B%25%C3%A9:a+secret%3A+%2B%25%C3%A9")}` },
  form: {},
}
const post = { headers: {}, form: { client_id: "an id: +%é", client_secret: secret } }
const none = { headers: {}, form: { client_id: "an id: +%é" } }

describe("how a client proves itself", () => {
  test.each([
    // Nothing was agreed on.
    [null, [], basic],
    [null, ["client_secret_basic", "client_secret_post"], basic],
    [null, ["client_secret_post", "client_secret_basic"], basic],
    [null, ["client_secret_post"], post],
    [null, ["none", "client_secret_post"], post],
    [null, ["none"], none],
    // Whatever else is advertised: a secret is all that there is.
    [null, ["private_key_jwt"], post],
    // As was agreed on, where that is taken.
    ["client_secret_basic", [], basic],
    ["client_secret_basic", ["client_secret_post"], post],
    ["client_secret_post", [], post],
    ["client_secret_post", ["client_secret_post", "client_secret_basic"], post],
    ["client_secret_post", ["client_secret_basic"], basic],
    ["none", ["none", "client_secret_basic"], none],
    ["none", ["client_secret_basic"], basic],
    ["client_secret_jwt", [], basic],
  ] as const)("with a secret, agreed on %s, at one that takes %j", async (method, methods, expected) => {
    expect(await added(serverWith(methods), clientWith(secret, method))).toStrictEqual(expected)
  })

  test.each([
    [null, []],
    [null, ["client_secret_basic"]],
    ["client_secret_post", ["client_secret_post"]],
    ["none", ["none"]],
  ] as const)("without a secret, agreed on %s, at one that takes %j", async (method, methods) => {
    expect(await added(serverWith(methods), clientWith(null, method))).toStrictEqual(none)
  })
})

const signing = { clientId: "signing", clientSecret: null, authMethod: "private_key_jwt" }
const keyPair = async () => {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true })
  return { pkcs8: Redacted.make(await exportPKCS8(privateKey)), publicKey, algorithm: "ES256" as const }
}

test("a client with a key signs, with the key of its issuer and id alone", async () => {
  const [right, ...wrong] = await Promise.all([keyPair(), keyPair(), keyPair()])
  const registered: ReadonlyArray<RegisteredClient> = [
    { issuer: "https://another.example", clientId: "signing", privateKey: wrong[0] ?? right },
    { issuer, clientId: "another", privateKey: wrong[1] ?? right },
    { issuer, clientId: "signing", privateKey: right },
  ]
  const { form, headers } = await added(serverWith([]), signing, registered)
  expect(headers).toStrictEqual({})
  expect(form).toStrictEqual({
    client_id: "signing",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: expect.any(String),
  })
  await jwtVerify(form["client_assertion"] ?? "", right.publicKey, { audience: issuer, issuer: "signing" })
})

test.each([
  ["is gone", async () => []],
  [
    "is of another issuer",
    async () => [{ issuer: `${issuer}/`, clientId: "signing", privateKey: await keyPair() }],
  ],
  [
    "is none",
    async () => [
      {
        issuer,
        clientId: "signing",
        privateKey: { pkcs8: Redacted.make("canary"), algorithm: "ES256" as const },
      },
    ],
  ],
] as const)("a key that %s is told, and nothing is sent in its place", async (_name, registered) => {
  const failure = await added(serverWith([]), signing, await registered()).catch((error: unknown) => error)
  expect(failure).toMatchObject({ _tag: "AuthorizationFailed", code: "identity_unavailable" })
  expect(JSON.stringify(failure)).not.toContain("canary")
})

test("an assertion is for one authorization server, one request and five minutes (RFC 7523, section 3)", async () => {
  const { publicKey, ...key } = await keyPair()
  const assertion = await clientAssertion("the client", issuer, { ...key, keyId: "two" })
  expect(decodeProtectedHeader(assertion)).toStrictEqual({ alg: "ES256", typ: "JWT", kid: "two" })
  const { exp = 0, iat = 0, jti, ...claims } = (await jwtVerify(assertion, publicKey)).payload
  expect(claims).toStrictEqual({ iss: "the client", sub: "the client", aud: issuer })
  expect(exp - iat).toBe(300)
  expect(Math.abs(iat * 1000 - Date.now())).toBeLessThan(60_000)
  const another = await clientAssertion("the client", issuer, key)
  expect(decodeJwt(another).jti).not.toBe(jti)
  expect(decodeProtectedHeader(another)).toStrictEqual({ alg: "ES256", typ: "JWT" })
})
