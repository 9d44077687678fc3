import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { describe, expect, test } from "vitest"
import { applyOAuthUpdate, type ServerOAuthUpdate } from "../../src/servers/applyOAuthUpdate.ts"
import { oauthProblem, Scopes, type ServerOAuth } from "../../src/servers/ServerOAuth.ts"

const secret = Redacted.make("a secret")
const stored: ServerOAuth = {
  grantType: "client_credentials",
  clientId: "machine",
  clientSecret: secret,
  issuer: "https://auth.example",
  scopes: ["a"],
}
const none: ServerOAuth = {
  grantType: "authorization_code",
  clientId: null,
  clientSecret: null,
  issuer: null,
  scopes: null,
}

describe("what is missing", () => {
  test.each([
    [none, undefined],
    [{ ...none, scopes: ["a"] }, undefined],
    [{ ...none, clientId: "public" }, undefined],
    [{ ...none, clientId: "public", issuer: "https://auth.example" }, undefined],
    [{ ...stored, grantType: "authorization_code" as const }, undefined],
    [stored, undefined],
    [{ ...stored, clientId: null }, "oauth.client_id"],
    [{ ...stored, grantType: "authorization_code" as const, clientId: null }, "oauth.client_id"],
    [{ ...none, clientSecret: secret }, "oauth.client_id"],
    [{ ...stored, clientSecret: null }, "oauth.client_secret"],
    [{ ...none, grantType: "client_credentials" as const, clientId: "machine" }, "oauth.client_secret"],
    [{ ...stored, issuer: null }, "oauth.issuer"],
    [{ ...none, clientId: "confidential", clientSecret: secret }, "oauth.issuer"],
  ])("in %j is %s", (oauth, field) => {
    expect(oauthProblem(oauth)?.field).toBe(field)
    expect(oauthProblem(oauth)?.problem ?? "").not.toContain("a secret")
  })
})

const updated = (
  from: ServerOAuth | null,
  update: ServerOAuthUpdate | null | undefined,
  isSameOrigin = true,
) => Result.getOrThrow(applyOAuthUpdate(from, update, isSameOrigin))
const refused = (
  from: ServerOAuth | null,
  update: ServerOAuthUpdate | null | undefined,
  isSameOrigin = true,
) => Result.getOrThrow(Result.flip(applyOAuthUpdate(from, update, isSameOrigin)))

describe("an update", () => {
  test("that names nothing keeps everything", () => {
    expect(updated(null, undefined)).toBeNull()
    expect(updated(stored, undefined)).toStrictEqual(stored)
    expect(updated(stored, {})).toStrictEqual(stored)
  })

  test("with what is shown keeps what is not", () => {
    const { clientId, grantType, scopes } = stored
    expect(updated(stored, { clientId, grantType, scopes })).toStrictEqual(stored)
  })

  test("changes what it names, and null clears", () => {
    expect(updated(null, {})).toStrictEqual(none)
    expect(updated(stored, { scopes: null })).toStrictEqual({ ...stored, scopes: null })
    expect(updated(stored, { grantType: null })).toStrictEqual({ ...stored, grantType: "authorization_code" })
    expect(updated(stored, { clientSecret: null })).toStrictEqual({ ...stored, clientSecret: null })
    expect(updated(stored, null)).toBeNull()
    expect(updated(stored, null, false)).toBeNull()
  })

  test.each([
    ["another client", { clientId: "another" }, true],
    ["no client", { clientId: null }, true],
    ["another issuer", { issuer: "https://evil.example" }, true],
    ["the issuer written otherwise", { issuer: "https://auth.example/" }, true],
    ["no issuer", { issuer: null }, true],
    ["another origin", {}, false],
    ["another origin, and all that is shown", { clientId: "machine", scopes: ["a"] }, false],
  ] as const)("with %s needs the secret anew", (_name, update, isSameOrigin) => {
    expect(refused(stored, update, isSameOrigin)).toMatchObject({
      _tag: "InvalidServerConfig",
      field: "oauth.client_secret",
    })
    const anew = Redacted.make("a secret")
    expect(updated(stored, { ...update, clientSecret: anew }, isSameOrigin)?.clientSecret).toBe(anew)
    expect(updated(stored, { ...update, clientSecret: null }, isSameOrigin)?.clientSecret).toBeNull()
  })

  test("of another origin that does not name it at all needs the secret anew as well", () => {
    expect(refused(stored, undefined, false)).toMatchObject({ field: "oauth.client_secret" })
    const isPublic = { ...stored, clientSecret: null }
    expect(updated(isPublic, undefined, false)).toStrictEqual(isPublic)
  })
})

describe("scopes", () => {
  const isScopes = Schema.is(Scopes)
  test.each(["mcp:read", "https://api.example/read", "a", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"])(
    "take %s",
    (scope) => {
      expect(isScopes([scope])).toBe(true)
    },
  )
  test.each(["", "a b", 'a"b', "a\\b", "a\n", "\u0000", "é", "a\u007f"])("refuse %j", (scope) => {
    expect(isScopes([scope])).toBe(false)
  })
})
