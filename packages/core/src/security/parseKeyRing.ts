import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as base64url from "jose/base64url"

/** The host's keys are missing or not of their form. The message never holds a key. */
export class SecretKeysInvalid extends Schema.TaggedError<SecretKeysInvalid>()("SecretKeysInvalid", {
  problem: Schema.String,
}) {
  override get message() {
    return `${this.problem} A key is 32 random bytes as 64 hexadecimal digits or 43 characters of base64url; "mooring secret" makes one.`
  }
}

/** Keys as a host hands them over: one or several, the first one encrypts. Commas separate them in one text. */
export type KeyRingInput = string | ReadonlyArray<string> | undefined

export type SecretKey = Uint8Array<ArrayBuffer>

/** Reads a key ring. */
export const parseKeyRing = (
  input: KeyRingInput,
): Result.Result<readonly [SecretKey, ...Array<SecretKey>], SecretKeysInvalid> => {
  const refused = (problem: string) => Result.fail(new SecretKeysInvalid({ problem }))
  const texts = (typeof input === "string" ? [input] : (input ?? []))
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
  if (texts.every((text) => text === "")) {
    return refused("A store that outlives the process needs a key to encrypt its secrets with.")
  }

  const keys: Array<SecretKey> = []
  for (const [index, text] of texts.entries()) {
    const key = parseKey(text)
    if (key === undefined) return refused(`Key ${index + 1} of ${texts.length} is not of its form.`)
    if (keys.some((other) => other.every((byte, at) => byte === key[at]))) {
      return refused(`Key ${index + 1} of ${texts.length} is there twice.`)
    }
    keys.push(key)
  }
  const [first, ...rest] = keys
  return first === undefined ? refused("There is no key.") : Result.succeed([first, ...rest])
}

const parseKey = (text: string): SecretKey | undefined => {
  if (/^[0-9a-f]{64}$/i.test(text)) {
    return Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16))
  }
  return /^[\w-]{43}=?$/.test(text) ? Uint8Array.from(base64url.decode(text)) : undefined
}
