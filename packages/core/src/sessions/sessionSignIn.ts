import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Actor } from "../actors/Actor.ts"
import { makeAccessOf } from "../oauth/accessOf.ts"
import type { AuthorizationFailed } from "../oauth/AuthorizationFailed.ts"
import type { Credential, CredentialOwner } from "../oauth/Credential.ts"
import { Credentials } from "../oauth/Credentials.ts"
import { makeDirectAuthorization } from "../oauth/direct/directAuthorization.ts"
import { dpopSession } from "../oauth/dpop.ts"
import { Options } from "../Options.ts"
import { checkHeaders } from "../security/checkHeaders.ts"
import { digest } from "../security/digest.ts"
import { fillVariables, usesVariables } from "../servers/fillVariables.ts"
import type { McpServer } from "../servers/McpServer.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import type { StoreError } from "../storage/StoreError.ts"
import type { TransportAuthorization } from "../transport/TransportAuthorization.ts"

/** As what a session is opened, and what tells it apart from others to the same server. */
export interface SignedIn {
  /** With its variables filled in. */
  readonly config: ServerConfig
  /** Of the variables that it was filled with; empty where they make no difference. */
  readonly variables: string
  /** Empty where it speaks by its config alone. */
  readonly credentialId: string
  readonly authorization: TransportAuthorization | undefined
}

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

  const withVariables = Effect.fnUntraced(function* (server: McpServer, actor: Actor) {
    const { config, credential } = yield* Effect.fromResult(fillVariables(server.config, actor))
    if (credential === undefined) return { config, variables: "" }
    // What a variable was filled with is as little to be trusted as what a user wrote.
    if (config.type !== "stdio") yield* checkHeaders(config)
    return { config, variables: yield* digest(credential) }
  })

  const byAccess = (
    actor: Actor,
    { config, variables }: Pick<SignedIn, "config" | "variables">,
  ): Effect.Effect<SignedIn, AuthorizationFailed | StoreError> => {
    const access = accessOf(actor, config)
    const without: SignedIn = { config, variables, credentialId: "", authorization: undefined }
    if (access.type === "config") return Effect.succeed(without)
    if (access.type === "grant") {
      const { grant } = access
      // In a user's name it speaks for that one alone.
      const credentialId = grant.type === "enterprise_managed" ? `grant/${actor.userId}` : "grant"
      return Effect.succeed({ ...without, credentialId, authorization: directAuthorization(actor, grant) })
    }
    const { owner } = access
    return Effect.map(
      credentials.current(owner),
      Option.match({
        onNone: () => without,
        onSome: ({ dpopKey, id }) => ({
          ...without,
          credentialId: id,
          authorization: signedIn(owner, dpopKey),
        }),
      }),
    )
  }

  return (server: McpServer, actor: Actor) =>
    usesVariables(server.config)
      ? Effect.flatMap(withVariables(server, actor), (filled) => byAccess(actor, filled))
      : byAccess(actor, { config: server.config, variables: "" })
})
