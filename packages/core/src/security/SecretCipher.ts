import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as base64url from "jose/base64url"
import { decodeProtectedHeader } from "jose/decode/protected_header"
import { flattenedDecrypt } from "jose/jwe/flattened/decrypt"
import { FlattenedEncrypt } from "jose/jwe/flattened/encrypt"
import { calculateJwkThumbprint } from "jose/jwk/thumbprint"
import { type KeyRingInput, parseKeyRing, type SecretKeysInvalid } from "./parseKeyRing.ts"

/** Where a secret is kept. It can be decrypted nowhere else: not in another row, organization or column. */
export interface SecretPlace {
  readonly organizationId: string
  /** The table and the column, as in `mooring_servers.auth_token`. */
  readonly column: string
  readonly rowId: string
}

/** A stored secret cannot be decrypted. The message never tells anything of the secret itself. */
export class SecretUnreadable extends Schema.TaggedError<SecretUnreadable>()("SecretUnreadable", {
  column: Schema.String,
  rowId: Schema.String,
  problem: Schema.String,
}) {
  override get message() {
    return `The secret in ${this.column} of ${this.rowId} cannot be decrypted: ${this.problem}`
  }
}

/**
 * Encrypts the secrets of a persistent store, each for its own place, by JWE (RFC 7516): AES-256-GCM under a new key
 * for each secret, which is wrapped by one of the host's keys (A256KW), named by `kid`.
 */
export class SecretCipher extends Context.Service<
  SecretCipher,
  {
    /** Names the key that encrypts: the first one of the ring. */
    readonly keyId: string
    /** Names every key of the ring. */
    readonly keyIds: ReadonlyArray<string>
    readonly encrypt: (place: SecretPlace, secret: Redacted.Redacted<string>) => Effect.Effect<string>
    readonly decrypt: (
      place: SecretPlace,
      ciphertext: string,
    ) => Effect.Effect<Redacted.Redacted<string>, SecretUnreadable>
  }
>()("@mooring/core/security/SecretCipher") {
  /**
   * @param keys 32 bytes each, as hex or base64url; in one text they are separated by commas. The first one encrypts,
   *   all of them decrypt. `mooring secret` makes one.
   */
  static readonly layer = (keys: KeyRingInput): Layer.Layer<SecretCipher, SecretKeysInvalid> =>
    Layer.effect(
      SecretCipher,
      Effect.gen(function* () {
        const ring = yield* Effect.fromResult(parseKeyRing(keys))
        const [first, ...rest] = ring
        const { id: keyId, key: current } = yield* nameKey(first)
        const others = yield* Effect.forEach(rest, nameKey)
        const byId = new Map([[keyId, current], ...others.map(({ id, key }) => [id, key] as const)])

        return SecretCipher.of({
          keyId,
          keyIds: [...byId.keys()],
          encrypt: (place, secret) =>
            Effect.promise(async () => {
              const jwe = await new FlattenedEncrypt(utf8.encode(Redacted.value(secret)))
                .setProtectedHeader({ alg: "A256KW", enc: "A256GCM", kid: keyId })
                .setAdditionalAuthenticatedData(placeOf(place))
                .encrypt(current)
              return [jwe.protected, jwe.encrypted_key, jwe.iv, jwe.ciphertext, jwe.tag].join(".")
            }),
          decrypt: (place, ciphertext) => {
            const unreadable = (problem: string) =>
              new SecretUnreadable({ column: place.column, rowId: place.rowId, problem })
            const kid = keyIdOf(ciphertext)
            if (kid === undefined) return Effect.fail(unreadable("it is not a JWE that Mooring has written."))
            const key = byId.get(kid)
            if (key === undefined) {
              return Effect.fail(
                unreadable(
                  `it was encrypted with the key ${kid}, which is not among the host's keys (${[...byId.keys()].join(", ")}). Add that key behind the first one.`,
                ),
              )
            }
            const [header = "", encryptedKey = "", iv = "", text = "", tag = ""] = ciphertext.split(".")
            return Effect.tryPromise({
              try: async () => {
                const { plaintext } = await flattenedDecrypt(
                  {
                    protected: header,
                    encrypted_key: encryptedKey,
                    iv,
                    ciphertext: text,
                    tag,
                    aad: base64url.encode(placeOf(place)),
                  },
                  key,
                  { keyManagementAlgorithms: ["A256KW"], contentEncryptionAlgorithms: ["A256GCM"] },
                )
                return Redacted.make(strictUtf8.decode(plaintext))
              },
              catch: () => unreadable("it was changed, or written for another row, organization or column."),
            })
          },
        })
      }),
    )
}

/** The id of the key that a ciphertext needs, or undefined for what is no ciphertext of ours. */
export const keyIdOf = (ciphertext: string): string | undefined => {
  if (ciphertext.split(".").length !== 5) return undefined
  try {
    const { kid } = decodeProtectedHeader(ciphertext)
    return typeof kid === "string" ? kid : undefined
  } catch {
    return undefined
  }
}

/** The additional authenticated data (RFC 7516, section 5.1, step 14). */
const placeOf = ({ column, organizationId, rowId }: SecretPlace): Uint8Array =>
  utf8.encode(JSON.stringify(["mooring/1", organizationId, column, rowId]))

/** A key with its id: the start of its JWK thumbprint (RFC 7638), which tells nothing of the key. */
const nameKey = (bytes: Uint8Array<ArrayBuffer>) =>
  Effect.promise(async () => {
    const thumbprint = await calculateJwkThumbprint({ kty: "oct", k: base64url.encode(bytes) })
    const key = await globalThis.crypto.subtle.importKey("raw", bytes, "AES-KW", false, [
      "wrapKey",
      "unwrapKey",
    ])
    return { id: thumbprint.slice(0, 16), key }
  })

const utf8 = new TextEncoder()
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
