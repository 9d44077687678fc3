import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Actor } from "../actors/Actor.ts"
import { AuthorizationFailed } from "./AuthorizationFailed.ts"

/** For whom a token is meant. */
export interface TokenAudience {
  /** The authorization server that will read it. */
  readonly issuer: string
  /** The MCP server that is to be reached by it. */
  readonly serverUrl: string
}

/**
 * Proofs of identity that only the host can get (a port), for the grants of the option `oauth.grants`. Without it there
 * are none. The tokens are JWTs.
 */
export const IdentityTokens = Context.Reference<{
  /** Of the machine that this runs on, made for the authorization server (`workload_identity`). */
  readonly workload: (
    audience: TokenAudience,
  ) => Effect.Effect<Redacted.Redacted<string>, AuthorizationFailed>
  /** The ID token of a user, by the enterprise's identity provider (`enterprise_managed`). */
  readonly user: (
    actor: Actor,
    audience: TokenAudience,
  ) => Effect.Effect<Redacted.Redacted<string>, AuthorizationFailed>
}>("@mooring/core/oauth/IdentityTokens", {
  defaultValue: () => ({
    workload: () => Effect.fail(identityUnavailable),
    user: () => Effect.fail(identityUnavailable),
  }),
})

/** The same by the functions of a host that knows no Effect. */
export const identityTokens = (
  workloadToken: ((audience: TokenAudience) => Promise<string | undefined>) | undefined,
  identityToken: ((actor: Actor, audience: TokenAudience) => Promise<string | undefined>) | undefined,
): typeof IdentityTokens.Service => ({
  workload: (audience) => ask(workloadToken && (() => workloadToken(audience))),
  user: (actor, audience) => ask(identityToken && (() => identityToken(actor, audience))),
})

const ask = (token: (() => Promise<string | undefined>) | undefined) =>
  token === undefined
    ? Effect.fail(identityUnavailable)
    : Effect.tryPromise(async () => token()).pipe(
        Effect.tapError(({ cause }) =>
          Effect.logError("The host's function for an identity token failed", cause),
        ),
        Effect.mapError(() => identityUnavailable),
        Effect.flatMap((text) => {
          // Read from a file, it often ends with a line break.
          const jwt = typeof text === "string" ? text.trim() : ""
          return isJwt(jwt) ? Effect.succeed(Redacted.make(jwt)) : Effect.fail(identityUnavailable)
        }),
      )

/** In compact form, signed or encrypted (RFC 7515, section 3.1; RFC 7516, section 3.1). */
const isJwt = (text: string): boolean => /^[\w-]+(?:\.[\w-]*){2,4}$/.test(text)

/** The host's function is not there, failed, did not answer in time, or knows no token. Its reason is for its own log. */
export const identityUnavailable = new AuthorizationFailed({
  code: "identity_unavailable",
  problem:
    "This host could not prove who asks for access to the MCP server. Sign in to the host again; when it persists, tell its operator.",
})
