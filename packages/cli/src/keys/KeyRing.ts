import { SecretCipher } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

/** The keys of `MOORING_KEY`. */
export interface KeyRing {
  /** Names them; the first one encrypts. */
  readonly keyIds: ReadonlyArray<string>
  readonly layer: Layer.Layer<SecretCipher>
}

/** `MOORING_KEY` is not set, or not of its form. The message never holds a key. */
export class KeyRingInvalid extends Schema.TaggedError<KeyRingInvalid>()("KeyRingInvalid", {
  problem: Schema.String,
}) {
  override get message() {
    return `MOORING_KEY: ${this.problem}`
  }
}

/** Reads `MOORING_KEY`. */
export const readKeyRing = Effect.fnUntraced(function* (keys: string | undefined) {
  if (keys === undefined) {
    return yield* new KeyRingInvalid({
      problem:
        'It is not set. Set it to the keys that the hosts have, with the new one first, as "mooring rotate --help" tells.',
    })
  }
  const cipher = yield* SecretCipher.pipe(
    Effect.provide(SecretCipher.layer(keys)),
    Effect.mapError(({ message }) => new KeyRingInvalid({ problem: message })),
  )
  const ring: KeyRing = { keyIds: cipher.keyIds, layer: Layer.succeed(SecretCipher, cipher) }
  return ring
})
