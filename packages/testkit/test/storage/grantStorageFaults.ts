import type { Authorization, Credential } from "@mooring/core"
import * as Redacted from "effect/Redacted"
import type { OpenStorage } from "../../src/storage-suite/StorageUnderTest.ts"
import { memoryStorage } from "./memoryStorage.ts"

/** A storage that leaves behind, next to whose they are, some of the secrets that it was ever told to keep. */
const leaving =
  (
    ofCredential: (credential: Credential) => Redacted.Redacted<string> | null,
    ofAuthorization: (authorization: Authorization) => Redacted.Redacted<string> | null,
  ): OpenStorage =>
  async () => {
    const left: Array<string> = []
    const leave = (organizationId: string, secret: Redacted.Redacted<string> | null) =>
      left.push(`${organizationId} ${secret === null ? "" : Redacted.value(secret)}`)
    const storage = await memoryStorage(({ authorizations, credentials }) => ({
      credentials: {
        ...credentials,
        put: (credential) => {
          leave(credential.organizationId, ofCredential(credential))
          return credentials.put(credential)
        },
        release: (leased, tokens) => {
          leave(leased.organizationId, ofCredential({ ...leased, tokens }))
          return credentials.release(leased, tokens)
        },
      },
      authorizations: {
        ...authorizations,
        insert: (authorization) => {
          leave(authorization.organizationId, ofAuthorization(authorization))
          return authorizations.insert(authorization)
        },
      },
    }))
    return { ...storage, dump: async () => left }
  }

const none = () => null
const foundBy = [
  "secrets of credentials and sign-ins: no token, client secret or verifier is kept in plaintext, hex or base64, whatever has become of it",
]

/** What of credentials and sign-ins may be left in plaintext, and the case that must find it. */
export const grantStorageFaults: Readonly<
  Record<string, { readonly open: OpenStorage; readonly foundBy: ReadonlyArray<string> }>
> = {
  "access tokens in plaintext": { open: leaving(({ tokens }) => tokens.accessToken, none), foundBy },
  "refresh tokens in plaintext": { open: leaving(({ tokens }) => tokens.refreshToken, none), foundBy },
  "client secrets of credentials in plaintext": {
    open: leaving(({ client }) => client.clientSecret, none),
    foundBy,
  },
  "client secrets of sign-ins in plaintext": {
    open: leaving(none, ({ client }) => client.clientSecret),
    foundBy,
  },
  "verifiers in plaintext": { open: leaving(none, ({ codeVerifier }) => codeVerifier), foundBy },
}
