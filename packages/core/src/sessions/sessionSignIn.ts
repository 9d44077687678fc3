import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Actor } from "../actors/Actor.ts"
import { Credentials } from "../oauth/Credentials.ts"
import type { CredentialOwner } from "../oauth/Credential.ts"
import { resourceOf } from "../oauth/resourceOf.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import type { TransportAuthorization } from "../transport/TransportAuthorization.ts"

/**
 * How a session speaks for its actor, where they have signed in to the server. A config that brings a token or an
 * Authorization header of its own is used as it is.
 */
export const makeSessionSignIn = Effect.gen(function* () {
  const credentials = yield* Credentials
  const context = yield* Effect.context<never>()
  const run = Effect.runPromiseWith(context)

  const authorizationOf = (owner: CredentialOwner): TransportAuthorization => ({
    token: () =>
      run(
        credentials
          .current(owner)
          .pipe(
            Effect.map(Option.map(({ tokens }) => Redacted.value(tokens.accessToken))),
            Effect.map(Option.getOrUndefined),
          ),
      ),
    renew: (refused) => run(Effect.map(credentials.renew(owner, Redacted.make(refused)), Option.isSome)),
  })

  return Effect.fnUntraced(function* (actor: Actor, config: ServerConfig) {
    if (config.type === "stdio" || config.authToken !== null || hasAuthorization(config.customHeaders)) {
      return undefined
    }
    const { organizationId, userId } = actor
    const owner = { organizationId, userId, resource: resourceOf(config.serverUrl) }
    const credential = Option.getOrUndefined(yield* credentials.current(owner))
    return credential === undefined
      ? undefined
      : { credentialId: credential.id, authorization: authorizationOf(owner) }
  })
})

const hasAuthorization = (headers: object | null): boolean =>
  headers !== null && Object.keys(headers).some((name) => name.toLowerCase() === "authorization")
