import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import type { Actor } from "../../actors/Actor.ts"
import { Options } from "../../Options.ts"
import { Egress } from "../../security/egress/Egress.ts"
import { type Challenge, noChallenge } from "../../transport/Challenge.ts"
import type { TransportAuthorization } from "../../transport/TransportAuthorization.ts"
import { anotherIssuer } from "../chooseClient.ts"
import type { Tokens } from "../Credential.ts"
import { discoverAuthorizationServer } from "../discoverAuthorizationServer.ts"
import { endsSoon } from "../endsSoon.ts"
import { IdentityTokens } from "../IdentityTokens.ts"
import { toTokens } from "../toTokens.ts"
import { requestToken } from "./requestToken.ts"
import type { ServerGrant } from "./ServerGrant.ts"

/**
 * Speaks to an MCP server with tokens that no user has to be asked for. A token lives as long as the session that it
 * was got for: the next session gets another one, from the same grant.
 */
export const makeDirectAuthorization = Effect.gen(function* () {
  const { fetchDocument: fetch } = yield* Egress
  const { limits, oauth } = yield* Options
  const identities = yield* IdentityTokens
  const timeoutMs = limits.oauthStepTimeoutMs
  const { serversWithoutMetadata } = oauth
  const run = Effect.runPromiseWith(yield* Effect.context<never>())

  const ask = Effect.fnUntraced(function* (actor: Actor, grant: ServerGrant, challenge: Challenge) {
    const found = yield* discoverAuthorizationServer(
      { fetch, timeoutMs, serversWithoutMetadata, known: [grant.issuer] },
      grant.serverUrl,
      challenge,
    )
    if (found.authorizationServer.issuer !== grant.issuer) return yield* anotherIssuer
    const answer = yield* requestToken({ fetch, timeoutMs, identities }, actor, grant, found)
    return toTokens(answer, found.scope, yield* DateTime.now)
  })

  return (actor: Actor, grant: ServerGrant): TransportAuthorization => {
    // One question at a time: of any number of calls that were refused, one asks for a token.
    const lock = Semaphore.makeUnsafe(1)
    let held: Tokens | undefined
    let lastChallenge = noChallenge

    const renew = (refused: string | undefined) =>
      Effect.suspend(() => {
        // Somebody was faster.
        if (held !== undefined && Redacted.value(held.accessToken) !== refused) return Effect.succeed(held)
        return Effect.tap(ask(actor, grant, lastChallenge), (tokens) => Effect.sync(() => (held = tokens)))
      }).pipe(lock.withPermits(1))

    const current = Effect.gen(function* () {
      if (held === undefined) return undefined
      const token = Redacted.value(held.accessToken)
      if (!endsSoon(held, yield* Clock.currentTimeMillis)) return token
      const { expiresAt } = held
      return yield* renew(token).pipe(
        Effect.map(({ accessToken }) => Redacted.value(accessToken)),
        // As long as the old one can be used, a fault of the authorization server harms nobody. A refusal counts at
        // once.
        Effect.catch((failure) =>
          Effect.flatMap(DateTime.now, (now) =>
            failure.code === "authorization_server_unreachable" &&
            expiresAt !== null &&
            DateTime.isGreaterThan(expiresAt, now)
              ? Effect.succeed(token)
              : Effect.fail(failure),
          ),
        ),
      )
    })

    return {
      token: () => run(current),
      renew: (refused, challenge) => {
        lastChallenge = challenge
        return run(Effect.as(renew(refused), true))
      },
      isSignIn: false,
    }
  }
})
