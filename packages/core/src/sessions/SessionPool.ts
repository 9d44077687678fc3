import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"
import * as Layer from "effect/Layer"
import * as RcMap from "effect/RcMap"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { Actor } from "../actors/Actor.ts"
import { Options } from "../Options.ts"
import { fillVariables } from "../servers/fillVariables.ts"
import type { McpServer } from "../servers/McpServer.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import { Transports } from "../transport/Transports.ts"
import type { ConnectError } from "./ConnectError.ts"
import { makeEraVerdicts } from "./EraVerdicts.ts"
import type { McpSession } from "./McpSession.ts"
import { openSession } from "./openSession.ts"

/**
 * Keeps live sessions to MCP servers: one for each server and credential, shared by concurrent calls and opened once
 * however many ask for it, closed when it has been idle for a while.
 */
export class SessionPool extends Context.Service<
  SessionPool,
  {
    /** A session for as long as the scope lasts. */
    readonly get: (server: McpServer, actor: Actor) => Effect.Effect<McpSession, ConnectError, Scope.Scope>
    /** Closes the sessions to a server that was changed or removed, once their calls have ended. */
    readonly close: (serverId: string) => Effect.Effect<void>
  }
>()("@mooring/core/sessions/SessionPool") {
  static readonly layer = Layer.effect(
    SessionPool,
    Effect.gen(function* () {
      const transports = yield* Transports
      const { limits } = yield* Options
      const verdicts = makeEraVerdicts()
      const sessions = yield* RcMap.make({
        lookup: (key: SessionKey) =>
          openSession(transports, verdicts, { name: key.name, config: key.config, key: key.id }, limits),
        idleTimeToLive: Duration.millis(limits.sessionIdleMs),
      })

      const get = Effect.fnUntraced(function* (server: McpServer, actor: Actor) {
        const key = yield* Effect.fromResult(makeSessionKey(server, actor))
        const session = yield* open(key)
        // One that died while nobody used it is replaced before anybody notices.
        if (session.isOpen()) return session
        yield* RcMap.invalidate(sessions, key)
        return yield* open(key)
      })

      const open = (key: SessionKey) =>
        // RcMap would keep a failure for as long as a session.
        RcMap.get(sessions, key).pipe(Effect.tapError(() => RcMap.invalidate(sessions, key)))

      const close = Effect.fnUntraced(function* (serverId: string) {
        for (const key of yield* RcMap.keys(sessions)) {
          if (key.serverId === serverId) yield* RcMap.invalidate(sessions, key)
        }
      })

      return SessionPool.of({ get, close })
    }),
  )
}

/** Two keys are equal where a session may be shared: same server, same revision of its config, same credential. */
class SessionKey implements Equal.Equal {
  readonly id: string
  readonly serverId: string
  readonly name: string
  readonly config: ServerConfig

  constructor(server: McpServer, config: ServerConfig, credential: string | undefined) {
    this.id = JSON.stringify([server.id, server.revision, credential ?? null])
    this.serverId = server.id
    this.name = server.name
    this.config = config
  }

  [Equal.symbol](that: Equal.Equal): boolean {
    return that instanceof SessionKey && that.id === this.id
  }

  [Hash.symbol](): number {
    return Hash.string(this.id)
  }
}

const makeSessionKey = (server: McpServer, actor: Actor) =>
  Result.map(
    fillVariables(server.config, actor),
    ({ config, credential }) => new SessionKey(server, config, credential),
  )
