import { errors, type Provider } from "oidc-provider"
import type { AuthorizationServerOptions } from "./AuthorizationServerOptions.ts"

/** RFC 7523, section 2.1. */
export const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

/** Has a provider take JWTs for grants, which it does not by itself. It authenticates the client first, as always. */
export function registerJwtBearer(
  provider: Provider,
  userOf: NonNullable<AuthorizationServerOptions["jwtBearer"]>,
  scopes: ReadonlyArray<string>,
): void {
  provider.registerGrantType<{ assertion?: string; resource?: string; scope?: string }>(
    jwtBearer,
    async (ctx) => {
      const { client, params } = ctx.oidc
      const accountId = await userOf(params.assertion ?? "", provider.issuer, client.clientId)
      if (accountId === undefined) throw new errors.InvalidGrant("the assertion is not good")
      const scope = (params.scope?.split(" ") ?? scopes).filter((asked) => scopes.includes(asked)).join(" ")
      const token = new provider.AccessToken({
        accountId,
        client,
        gty: "jwt_bearer",
        // Nobody has consented: the enterprise has.
        grantId: "",
        scope,
        ...(params.resource === undefined ? {} : { aud: params.resource }),
      })
      const value = await token.save()
      ctx.body = { access_token: value, token_type: "Bearer", expires_in: token.expiration, scope }
    },
    ["assertion", "resource", "scope"],
  )
}
