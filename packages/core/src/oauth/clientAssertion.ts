import * as Redacted from "effect/Redacted"
import { SignJWT } from "jose/jwt/sign"
import { importPKCS8 } from "jose/key/import"
import type { ClientKey } from "./RegisteredClient.ts"

/** How long an authorization server may take to read it, its clock's error included. */
const lifetimeSeconds = 300

/**
 * A client's signed word that it is itself, for one request to one authorization server (RFC 7523, section 3): whoever
 * else gets to see it can do nothing with it elsewhere.
 */
export const clientAssertion = async (clientId: string, issuer: string, key: ClientKey): Promise<string> => {
  const { algorithm: alg, keyId, pkcs8 } = key
  return new SignJWT()
    .setProtectedHeader({ alg, typ: "JWT", ...(keyId === undefined ? {} : { kid: keyId }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(issuer)
    .setJti(globalThis.crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${lifetimeSeconds}s`)
    .sign(await importPKCS8(Redacted.value(pkcs8), alg))
}
