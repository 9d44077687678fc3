import type { KeyObject } from "node:crypto"
import { compactVerify, decodeJwt } from "jose"
import type { Provider } from "oidc-provider"
import type { AccessToken, AccessTokens } from "./AccessTokens.ts"

const second = 1000

/** Watches a provider give access tokens, and looks them up: opaque ones in its store, JWTs by their signature. */
export function issuedTokens(
  provider: Provider,
  publicKey: KeyObject,
): Pick<AccessTokens, "findAccessToken" | "tokenCount"> {
  const numbers = new Map<string, number>()
  const count = ({ jti }: { readonly jti: string }) => numbers.set(jti, numbers.size + 1)
  provider.on("access_token.saved", count)
  provider.on("access_token.issued", count)
  provider.on("client_credentials.saved", count)
  provider.on("client_credentials.issued", count)

  const findOpaque = async (token: string): Promise<AccessToken | undefined> => {
    const ofUser = await provider.AccessToken.find(token, { ignoreExpiration: true })
    const found = ofUser ?? (await provider.ClientCredentials.find(token, { ignoreExpiration: true }))
    return found === undefined
      ? undefined
      : {
          subject: ofUser?.accountId ?? found.clientId ?? "",
          audience: typeof found.aud === "string" ? found.aud : undefined,
          scopes: [...found.scopes],
          keyThumbprint: found.jkt,
          expiresAt: (found.exp ?? 0) * second,
          number: numbers.get(found.jti) ?? 0,
        }
  }

  const findJwt = async (token: string): Promise<AccessToken | undefined> => {
    try {
      await compactVerify(token, publicKey)
      const { aud, cnf, exp = 0, jti = "", scope, sub = "" } = decodeJwt<{ cnf?: { jkt?: string } }>(token)
      return {
        subject: sub,
        audience: typeof aud === "string" ? aud : undefined,
        scopes: typeof scope === "string" ? scope.split(" ") : [],
        keyThumbprint: cnf?.jkt,
        expiresAt: exp * second,
        number: numbers.get(jti) ?? 0,
      }
    } catch {
      return undefined
    }
  }

  return {
    get tokenCount() {
      return numbers.size
    },
    findAccessToken: async (token) => (await findOpaque(token)) ?? findJwt(token),
  }
}
