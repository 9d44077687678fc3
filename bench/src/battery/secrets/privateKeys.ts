import { generateKeyPairSync } from "node:crypto"
import type { Canaries } from "./Canaries.ts"

/** A private key for an option of the host: its text, and the number in it that makes it private. */
export const makePrivateKey = (canaries: Canaries, place: string): string => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const { d = "" } = privateKey.export({ format: "jwk" })
  const pkcs8 = privateKey.export({ type: "pkcs8", format: "pem" }).toString()
  canaries.add(`${place}, its number`, d)
  canaries.add(`${place}, a line of its text`, pkcs8.split("\n")[1] ?? "")
  return pkcs8
}

/**
 * Takes down the private keys that the host makes for itself until it is disposed of: those that tokens are bound to
 * (DPoP) leave the runtime's own keeping when they are stored.
 */
export const watchExportedKeys = (canaries: Canaries): Disposable => {
  const { subtle } = globalThis.crypto
  const original = subtle.exportKey
  const watched = async (format: "jwk" | "pkcs8" | "raw" | "spki", key: Parameters<typeof original>[1]) => {
    const exported: unknown = await Reflect.apply(original, subtle, [format, key])
    if (typeof exported === "object" && exported !== null && "d" in exported)
      canaries.add(`a key that a token is bound to, ${canaries.places.length}`, String(exported.d))
    return exported
  }
  Reflect.set(subtle, "exportKey", watched)
  return { [Symbol.dispose]: () => void Reflect.deleteProperty(subtle, "exportKey") }
}
