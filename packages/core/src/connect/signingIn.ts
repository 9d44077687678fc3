import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Actor } from "../actors/Actor.ts"
import { makeAccessOf } from "../oauth/accessOf.ts"
import type { AuthorizationFlow } from "../oauth/AuthorizationFlow.ts"
import type { CredentialOwner } from "../oauth/Credential.ts"
import type { Credentials } from "../oauth/Credentials.ts"
import type { ServerGrant } from "../oauth/direct/ServerGrant.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import { AuthorizationRequired } from "../sessions/ConnectError.ts"
import type { StoreError } from "../storage/StoreError.ts"
import type { ToolDefinition } from "../tools/ToolDefinition.ts"
import { type Challenge, noChallenge } from "../transport/Challenge.ts"
import type { ConnectEvent } from "./ConnectEvent.ts"
import type { ServiceError } from "./errorCode.ts"

type List = Effect.Effect<ReadonlyArray<ToolDefinition>, ServiceError>

/** Has the user sign in before the eyes of whoever watches, wherever the server wants that, and tries again. */
export type SigningIn = (emit: (event: ConnectEvent) => Effect.Effect<unknown>, list: List) => List

/** A server that is never content must not send its user back and forth for ever. */
const maxSignIns = 3

export const makeSigningIn = (
  flow: AuthorizationFlow["Service"],
  credentials: Credentials["Service"],
  grants: ReadonlyArray<ServerGrant>,
) => {
  const accessOf = makeAccessOf(grants)

  /** A tool that was run before needs a sign-in, or more than its user has granted: a list of tools would not tell. */
  const checkWanted = Effect.fnUntraced(function* (
    owner: CredentialOwner,
    serverName: string,
  ): Effect.fn.Return<void, AuthorizationRequired | StoreError> {
    const challenge = Option.getOrUndefined(yield* credentials.wanted(owner))
    if (challenge === undefined) return
    // Who has signed in and leaves this question open goes on with what was granted before.
    if (challenge.error === "insufficient_scope") yield* credentials.forgetWanted(owner)
    return yield* new AuthorizationRequired({ serverName, challenge })
  })

  /** What a sign-in would have to answer to mend this; null where none would. */
  const challengeOf = (
    owner: CredentialOwner,
    error: ServiceError,
  ): Effect.Effect<Challenge | null, StoreError> => {
    if (error._tag === "AuthorizationRequired") return Effect.succeed(error.challenge)
    // A token could not be renewed. It is not given up for that, but who looks on can get another one.
    return error._tag === "AuthorizationFailed" && error.code === "authorization_server_unreachable"
      ? Effect.map(credentials.isSignedIn(owner), (isSignedIn) => (isSignedIn ? noChallenge : null))
      : Effect.succeed(null)
  }

  return (actor: Actor, name: string, config: ServerConfig): SigningIn => {
    const access = accessOf(actor, config)
    // A sign-in would change nothing.
    if (config.type === "stdio" || access.type !== "sign_in") return (_emit, list) => list
    const { oauth, serverUrl } = config
    const { owner } = access

    return Effect.fnUntraced(function* (emit, list) {
      let attempt: List = Effect.andThen(checkWanted(owner, name), list)
      for (let signIns = 0; ; signIns += 1) {
        const result = yield* Effect.result(attempt)
        if (Result.isSuccess(result)) return result.success
        const challenge = signIns === maxSignIns ? null : yield* challengeOf(owner, result.failure)
        if (challenge === null) return yield* Effect.fail(result.failure)
        yield* emit({
          event: "oauth_required",
          message: `The MCP server ${JSON.stringify(name)} wants you to sign in.`,
        })
        const { id, outcome, url } = yield* flow
          .begin(actor, { name, serverUrl, oauth }, challenge)
          // A server that wants what nobody can give can at least be listed the next time.
          .pipe(Effect.tapError(() => credentials.forgetWanted(owner)))
        yield* emit({ event: "authorization_url", url, session_id: id })
        yield* emit({ event: "waiting_for_auth", message: "Waiting until you have signed in there." })
        yield* outcome
        // Its end may be known here before the change of the credential is told.
        yield* credentials.forget(owner)
        attempt = list
      }
    }, Effect.scoped)
  }
}
