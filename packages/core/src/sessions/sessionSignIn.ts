import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Actor } from "../actors/Actor.ts"
import { makeAccessOf } from "../oauth/accessOf.ts"
import type { Credential, CredentialOwner } from "../oauth/Credential.ts"
import { Credentials } from "../oauth/Credentials.ts"
import { makeDirectAuthorization } from "../oauth/direct/directAuthorization.ts"
import { dpopSession } from "../oauth/dpop.ts"
import { Options } from "../Options.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import type { TransportAuthorization } from "../transport/TransportAuthorization.ts"

/**
 * How a session speaks for its actor: by a grant that needs no user, where one is set up for the server, or as whom they
 * have signed in to it. A config that brings a token or an Authorization header of its own is used as it is.
 */
export const makeSessionSignIn = Effect.gen(function* () {
  const credentials = yield* Credentials
  const directAuthorization = yield* makeDirectAuthorization
  const accessOf = makeAccessOf((yield* Options).oauth.grants)
  const run = Effect.runPromiseWith(yield* Effect.context<never>())

  const signedIn = (owner: CredentialOwner, dpopKey: Credential["dpopKey"]): TransportAuthorization => ({
    token: () =>
      run(
        credentials
          .current(owner)
          .pipe(
            Effect.map(Option.map(({ tokens }) => Redacted.value(tokens.accessToken))),
            Effect.map(Option.getOrUndefined),
          ),
      ),
    renew: async (refused) =>
      refused !== undefined &&
      run(Effect.map(credentials.renew(owner, Redacted.make(refused)), Option.isSome)),
    isSignIn: true,
    ...(dpopKey === null ? {} : { dpop: () => dpopSession(dpopKey) }),
  })

  return Effect.fnUntraced(function* (actor: Actor, config: ServerConfig) {
    const access = accessOf(actor, config)
    if (access.type === "config") return undefined
    if (access.type === "grant") {
      const { grant } = access
      // In a user's name it speaks for that one alone.
      const credentialId = grant.type === "enterprise_managed" ? `grant/${actor.userId}` : "grant"
      return { credentialId, authorization: directAuthorization(actor, grant) }
    }
    const { owner } = access
    const credential = Option.getOrUndefined(yield* credentials.current(owner))
    return credential === undefined
      ? undefined
      : { credentialId: credential.id, authorization: signedIn(owner, credential.dpopKey) }
  })
})
