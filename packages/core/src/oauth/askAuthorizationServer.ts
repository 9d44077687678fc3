import { IssuerMismatchError, OAuthClientFlowError, OAuthError } from "@modelcontextprotocol/client"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Egress } from "../security/egress/Egress.ts"
import { NetworkForbidden } from "../security/egress/NetworkForbidden.ts"
import { causes } from "../causes.ts"
import { AuthorizationFailed, type AuthorizationFailureCode } from "./AuthorizationFailed.ts"

/** The one way to authorization servers: guarded, and without headers that were meant for the MCP server. */
export type OAuthFetch = Egress["Service"]["fetchDocument"]

/**
 * Has the MCP client make requests of one step of OAuth, within a time: by itself it sets none.
 *
 * @param otherwise what it means when the step fails by an answer, and not by the network.
 */
export const askAuthorizationServer = <A>(
  fetch: OAuthFetch,
  timeoutMs: number,
  otherwise: { readonly code: AuthorizationFailureCode; readonly problem: string },
  ask: (fetch: OAuthFetch) => Promise<A>,
): Effect.Effect<A, AuthorizationFailed> => {
  let lastFailure: unknown
  return Effect.tryPromise({
    try: (signal) =>
      ask((input, init) =>
        fetch(input, { ...init, signal }).catch((error: unknown) => {
          lastFailure = error
          throw error
        }),
      ),
    catch: (error) => [...causes(error), ...causes(lastFailure)],
  }).pipe(
    Effect.timeoutOrElse({
      duration: Duration.millis(timeoutMs),
      orElse: () => Effect.fail(["timeout"]),
    }),
    Effect.mapError((chain) => failureOf(chain, otherwise)),
  )
}

const failureOf = (
  chain: ReadonlyArray<unknown>,
  otherwise: { readonly code: AuthorizationFailureCode; readonly problem: string },
): AuthorizationFailed => {
  const failed = chain.find((error) => error instanceof AuthorizationFailed)
  if (failed !== undefined) return failed
  const forbidden = chain.find((error) => error instanceof NetworkForbidden)
  if (forbidden !== undefined) {
    return new AuthorizationFailed({ code: "network_forbidden", problem: forbidden.message })
  }
  if (chain.some((error) => error instanceof IssuerMismatchError)) {
    return new AuthorizationFailed({
      code: "issuer_mismatch",
      problem:
        "The authorization server gives itself another name than the one that was asked. Tell the operator of the MCP server.",
    })
  }
  if (chain.some((error) => error instanceof OAuthError || error instanceof OAuthClientFlowError)) {
    return new AuthorizationFailed(otherwise)
  }
  const isNetwork = chain.some((error) => error === "timeout" || error instanceof TypeError)
  return new AuthorizationFailed(
    isNetwork
      ? {
          code: "authorization_server_unreachable",
          problem:
            "The authorization server of the MCP server could not be reached, or did not answer in time. Try again later.",
        }
      : otherwise,
  )
}
