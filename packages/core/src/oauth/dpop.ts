import { DpopSession, generateDpopKeyPair } from "@modelcontextprotocol/client"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { calculateJwkThumbprint } from "jose/jwk/thumbprint"
import { exportJWK } from "jose/key/export"
import { importJWK } from "jose/key/import"

// Tokens that are bound to a key (RFC 9449): whoever gets hold of one can do nothing with it alone.

/** The one algorithm that we use; every authorization server with DPoP is to be expected to know it. */
export const dpopAlgorithm = "ES256"

/** A new key, as what signs with it, and as it is kept. */
export const newDpopKey = async (): Promise<{
  readonly session: DpopSession
  readonly key: Redacted.Redacted<string>
}> => {
  // Extractable, because any node may have to sign with it.
  const keyPair = await generateDpopKeyPair({ alg: dpopAlgorithm, extractable: true })
  const key = Redacted.make(JSON.stringify(await exportJWK(keyPair.privateKey)))
  return { session: await DpopSession.create({ keyPair }), key }
}

/** What signs with a key that was kept. */
export const dpopSession = async (key: Redacted.Redacted<string>): Promise<DpopSession> => {
  const { d, ...publicJwk } = decodeKey(Redacted.value(key))
  const keyPair = {
    privateKey: await importKey({ ...publicJwk, d }),
    publicKey: await importKey(publicJwk),
    publicJwk,
    thumbprint: await calculateJwkThumbprint(publicJwk, "sha256"),
    alg: dpopAlgorithm,
  } as const
  return DpopSession.create({ keyPair })
}

const importKey = async (jwk: Parameters<typeof importJWK>[0]) => {
  const key = await importJWK(jwk, dpopAlgorithm)
  if (key instanceof Uint8Array) throw new Error("The key is symmetric.")
  return key
}

const decodeKey = Schema.decodeSync(
  Schema.fromJsonString(
    Schema.Struct({
      kty: Schema.Literal("EC"),
      crv: Schema.Literal("P-256"),
      x: Schema.String,
      y: Schema.String,
      d: Schema.String,
    }),
  ),
)
