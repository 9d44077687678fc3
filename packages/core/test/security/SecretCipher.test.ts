import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, test } from "vitest"
import { keyIdOf, SecretCipher, type SecretPlace } from "../../src/index.ts"

const old = "00".repeat(31) + "01"
const current = `B${"A".repeat(41)}E`
const place: SecretPlace = { organizationId: "acme", column: "mooring_servers.env", rowId: "mcp_server-1" }

const withKeys =
  (keys: string) =>
  <A, E>(use: (cipher: SecretCipher["Service"]) => Effect.Effect<A, E>) =>
    Effect.provide(SecretCipher.use(use), SecretCipher.layer(keys))

const encrypted = (keys: string, text: string) =>
  withKeys(keys)((cipher) => cipher.encrypt(place, Redacted.make(text)))

it.effect.each(["", "s3cret", "{{ NAME }}", "ключ 🔑", '{"a":"\\u0000"}', "x".repeat(100_000)])(
  "what was encrypted is decrypted: %.20s",
  (text) =>
    Effect.gen(function* () {
      const ciphertext = yield* encrypted(current, text)
      if (text !== "") expect(ciphertext).not.toContain(text)
      const decrypted = yield* withKeys(current)((cipher) => cipher.decrypt(place, ciphertext))
      expect(Redacted.value(decrypted)).toBe(text)
    }),
)

it.effect("the same secret never looks the same", () =>
  Effect.gen(function* () {
    expect(yield* encrypted(current, "s3cret")).not.toBe(yield* encrypted(current, "s3cret"))
  }),
)

it.effect("the header names algorithms and key, and the ciphertext is a compact JWE", () =>
  Effect.gen(function* () {
    const ciphertext = yield* encrypted(current, "s3cret")
    const [header = ""] = ciphertext.split(".")
    const kid = yield* withKeys(current)(({ keyId }) => Effect.succeed(keyId))
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toStrictEqual({
      alg: "A256KW",
      enc: "A256GCM",
      kid,
    })
    expect(keyIdOf(ciphertext)).toBe(kid)
  }),
)

describe("a ciphertext", () => {
  it.effect.each<[string, Partial<SecretPlace>]>([
    ["row", { rowId: "mcp_server-2" }],
    ["organization", { organizationId: "other" }],
    ["column", { column: "mooring_servers.auth_token" }],
    // Parts that run into each other differently must not come to the same.
    ["place that reads alike", { organizationId: 'acme","mooring_servers.env', column: "" }],
  ])("is refused in another %s", ([, moved]) =>
    Effect.gen(function* () {
      const ciphertext = yield* encrypted(current, "s3cret")
      const failure = yield* Effect.flip(
        withKeys(current)((cipher) => cipher.decrypt({ ...place, ...moved }, ciphertext)),
      )
      expect(failure._tag).toBe("SecretUnreadable")
      expect(failure.message).toContain("written for another row, organization or column")
      expect(failure.message).not.toContain("s3cret")
    }),
  )

  it.effect.each([0, 1, 2, 3, 4])("is refused with its part %i changed or left out", (part) =>
    Effect.gen(function* () {
      const parts = (yield* encrypted(current, "s3cret")).split(".")
      const text = parts[part] ?? ""
      const flipped = (text.startsWith("A") ? "B" : "A") + text.slice(1)
      for (const changed of [flipped, text.slice(0, -2), "", "!", `${text}AAAA`]) {
        const forged = parts.with(part, changed).join(".")
        const failure = yield* Effect.flip(withKeys(current)((cipher) => cipher.decrypt(place, forged)))
        expect(failure._tag, `${part}: ${changed}`).toBe("SecretUnreadable")
      }
    }),
  )

  it.effect("is refused with another algorithm in its header, even one that needs no key", () =>
    Effect.gen(function* () {
      const [, ...rest] = (yield* encrypted(current, "s3cret")).split(".")
      const kid = yield* withKeys(current)(({ keyId }) => Effect.succeed(keyId))
      for (const header of [
        { alg: "dir", enc: "A256GCM", kid },
        { alg: "A256KW", enc: "A128CBC-HS256", kid },
        { alg: "none", kid },
        { alg: "PBES2-HS256+A128KW", enc: "A256GCM", p2c: 1e9, p2s: "AAAA", kid },
        { alg: "A256KW", enc: "A256GCM", kid, zip: "DEF" },
        { alg: "A256KW", enc: "A256GCM", kid, crit: ["exp"] },
      ]) {
        const forged = [Buffer.from(JSON.stringify(header)).toString("base64url"), ...rest].join(".")
        const failure = yield* Effect.flip(withKeys(current)((cipher) => cipher.decrypt(place, forged)))
        expect(failure._tag).toBe("SecretUnreadable")
      }
    }),
  )

  it.effect.each(["", "plaintext", "a.b.c.d.e", "....", "e30.a.b.c.d", "bnVsbA.a.b.c.d"])(
    "is refused where it is none: %j",
    (text) =>
      Effect.gen(function* () {
        const failure = yield* Effect.flip(withKeys(current)((cipher) => cipher.decrypt(place, text)))
        expect(failure.problem).toBe("it is not a JWE that Mooring has written.")
        expect(keyIdOf(text)).toBeUndefined()
      }),
  )
})

describe("a key ring", () => {
  it.effect("encrypts with the first key and decrypts with every one", () =>
    Effect.gen(function* () {
      const before = yield* encrypted(old, "s3cret")
      yield* withKeys(`${current},${old}`)((cipher) =>
        Effect.gen(function* () {
          expect(Redacted.value(yield* cipher.decrypt(place, before))).toBe("s3cret")
          const after = yield* cipher.encrypt(place, Redacted.make("new"))
          expect(keyIdOf(after)).toBe(cipher.keyId)
          expect(keyIdOf(before)).not.toBe(cipher.keyId)
          expect(cipher.keyIds).toStrictEqual([cipher.keyId, keyIdOf(before)])
        }),
      )
    }),
  )

  it.effect("names the key that it lacks, and those that it has", () =>
    Effect.gen(function* () {
      const before = yield* encrypted(old, "s3cret")
      const failure = yield* Effect.flip(withKeys(current)((cipher) => cipher.decrypt(place, before)))
      expect(failure.message).toContain(`the key ${keyIdOf(before)}, which is not among the host's keys (`)
      expect(failure.message).not.toContain(current)
    }),
  )

  it.effect("is the same in hexadecimal, in capitals, in base64url and as a list", () =>
    Effect.gen(function* () {
      const bytes = Buffer.alloc(32, 0xab)
      const written = [
        bytes.toString("hex"),
        bytes.toString("hex").toUpperCase(),
        bytes.toString("base64url"),
      ]
      const ids = yield* Effect.forEach([...written, ` ${written[0]} `, `${written[2]}=`], (key) =>
        withKeys(key)(({ keyId }) => Effect.succeed(keyId)),
      )
      expect(new Set(ids).size).toBe(1)
    }),
  )
})

describe("keys that are refused", () => {
  test.each([
    [undefined, "A store that outlives the process needs a key"],
    ["", "A store that outlives the process needs a key"],
    [[], "A store that outlives the process needs a key"],
    ["too-short", "Key 1 of 1 is not of its form."],
    [`${current},`, "Key 2 of 2 is not of its form."],
    [`${current},${"ab".repeat(31)}`, "Key 2 of 2 is not of its form."],
    [[current, "x".repeat(44)], "Key 2 of 2 is not of its form."],
    [`${current},${current}`, "Key 2 of 2 is there twice."],
  ])("%j", async (keys, problem) => {
    const failure = await Effect.runPromise(
      Effect.flip(Effect.provide(SecretCipher.use(Effect.succeed), SecretCipher.layer(keys))),
    )
    expect(failure.message).toContain(problem)
    expect(failure.message).toContain('"mooring secret" makes one')
    for (const secret of [current, "too-short", "x".repeat(44)]) expect(failure.message).not.toContain(secret)
  })
})
