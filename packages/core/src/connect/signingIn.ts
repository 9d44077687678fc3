import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Actor } from "../actors/Actor.ts"
import type { AuthorizationFlow } from "../oauth/AuthorizationFlow.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import type { ToolDefinition } from "../tools/ToolDefinition.ts"
import type { ConnectEvent } from "./ConnectEvent.ts"
import type { ServiceError } from "./errorCode.ts"

type List = Effect.Effect<ReadonlyArray<ToolDefinition>, ServiceError>

/** Has the user sign in before the eyes of whoever watches, wherever the server wants that, and tries again. */
export type SigningIn = (emit: (event: ConnectEvent) => Effect.Effect<unknown>, list: List) => List

/** A server that is never content must not send its user back and forth for ever. */
const maxSignIns = 3

export const makeSigningIn =
  (flow: AuthorizationFlow["Service"]) =>
  (actor: Actor, name: string, config: ServerConfig): SigningIn =>
    Effect.fnUntraced(function* (emit, list) {
      for (let signIns = 0; ; signIns += 1) {
        const result = yield* Effect.result(list)
        if (Result.isSuccess(result)) return result.success
        const error = result.failure
        if (
          error._tag !== "AuthorizationRequired" ||
          error.challenge === null ||
          config.type === "stdio" ||
          signIns === maxSignIns
        ) {
          return yield* Effect.fail(error)
        }
        yield* emit({
          event: "oauth_required",
          message: `The MCP server ${JSON.stringify(name)} wants you to sign in.`,
        })
        const { id, outcome, url } = yield* flow.begin(
          actor,
          { name, serverUrl: config.serverUrl },
          error.challenge,
        )
        yield* emit({ event: "authorization_url", url, session_id: id })
        yield* emit({ event: "waiting_for_auth", message: "Waiting until you have signed in there." })
        yield* outcome
      }
    }, Effect.scoped)
