import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"
import * as Layer from "effect/Layer"
import * as RcMap from "effect/RcMap"
import type * as Scope from "effect/Scope"
import type { Actor } from "../actors/Actor.ts"
import { Options } from "../Options.ts"
import { checkHeaders } from "../security/checkHeaders.ts"
import { digest } from "../security/digest.ts"
import { ClientFeatures } from "../serverRequests/ClientFeatures.ts"
import { fillVariables } from "../servers/fillVariables.ts"
import type { McpServer } from "../servers/McpServer.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { StoreSignals } from "../storage/StoreSignals.ts"
import type { TransportAuthorization } from "../transport/TransportAuthorization.ts"
import { Transports } from "../transport/Transports.ts"
import type { ConnectError } from "./ConnectError.ts"
import { makeEraVerdicts } from "./EraVerdicts.ts"
import type { McpSession } from "./McpSession.ts"
import { openSession } from "./openSession.ts"
import { makeSessionSignIn } from "./sessionSignIn.ts"

/**
 * Keeps live sessions to MCP servers: one for each server and credential, shared by concurrent calls and opened once
 * however many ask for it, closed when it has been idle for a while. Where the host answers what servers ask for, each
 * user has their own: what a server asks by itself says nothing of the call that it belongs to, and what it is told
 * may be kept with the session.
 */
export class SessionPool extends Context.Service<
  SessionPool,
  {
    /** A session for as long as the scope lasts. */
    readonly get: (
      server: McpServer,
      actor: Actor,
    ) => Effect.Effect<McpSession, ConnectError | StoreError, Scope.Scope>
    /**
     * Closes the sessions to a server, in the background: those that are being opened at once, those in use when
     * their calls have ended. It happens by itself where the stores tell that a server was changed or removed.
     */
    readonly close: (serverId: string) => Effect.Effect<void>
  }
>()("@mooring/core/sessions/SessionPool") {
  static readonly layer = Layer.effect(
    SessionPool,
    Effect.gen(function* () {
      const transports = yield* Transports
      const { limits } = yield* Options
      const { elicit, sample } = yield* ClientFeatures
      const isShared = elicit === undefined && sample === undefined
      // Closing takes a command's or a server's time; nobody who changes or removes a server waits for it.
      const scope = yield* Effect.scope
      const signals = yield* StoreSignals
      const signIn = yield* makeSessionSignIn
      const verdicts = makeEraVerdicts()
      const opened = new Set<OpenedSession>()

      const open = Effect.fnUntraced(function* (key: SessionKey) {
        const entry: OpenedSession = { key, ends: [], isConnected: false }
        yield* Effect.acquireRelease(
          Effect.sync(() => opened.add(entry)),
          () => Effect.sync(() => opened.delete(entry)),
        )
        const watched: Transports["Service"] = {
          make: (config, authorization) =>
            Effect.tap(transports.make(config, authorization), ({ end }) =>
              Effect.sync(() => entry.ends.push(end)),
            ),
        }
        const session = yield* openSession(watched, verdicts, key, limits)
        entry.isConnected = true
        return session
      })

      const sessions = yield* RcMap.make({
        lookup: open,
        idleTimeToLive: Duration.millis(limits.sessionIdleMs),
      })
      // The map would close them one after the other, each with its own patience.
      yield* Effect.addFinalizer(() => endAll([...opened]))

      const acquire = (key: SessionKey) =>
        // The map would keep a failure for as long as a session.
        RcMap.get(sessions, key).pipe(
          Effect.tapCause((cause) =>
            Cause.hasInterruptsOnly(cause) ? Effect.void : RcMap.invalidate(sessions, key),
          ),
        )

      const get = Effect.fnUntraced(function* (server: McpServer, actor: Actor) {
        const { config, credential } = yield* Effect.fromResult(fillVariables(server.config, actor))
        // What a variable was filled with is as little to be trusted as what a user wrote.
        if (credential !== undefined && config.type !== "stdio") yield* checkHeaders(config)
        const signedIn = yield* signIn(actor, config)
        const key = new SessionKey(server, actor, config, signedIn?.authorization, [
          credential === undefined ? "" : yield* digest(credential),
          signedIn?.credentialId ?? "",
          isShared ? "" : actor.userId,
        ])
        const session = yield* acquire(key)
        // One that died while nobody used it is replaced before anybody notices.
        if (session.isOpen()) return session
        yield* RcMap.invalidate(sessions, key)
        return yield* acquire(key)
      })

      const closeWhere = Effect.fnUntraced(function* (isOutdated: (key: SessionKey) => boolean) {
        const keys = [...(yield* RcMap.keys(sessions))].filter(isOutdated)
        const connecting = [...opened].filter(({ isConnected, key }) => !isConnected && isOutdated(key))
        yield* Effect.all(
          [
            endAll(connecting),
            Effect.forEach(keys, (key) => RcMap.invalidate(sessions, key), { concurrency: "unbounded" }),
          ],
          { concurrency: "unbounded" },
        ).pipe(Effect.uninterruptible, Effect.forkIn(scope))
      })

      yield* signals.listen((signal) => {
        switch (signal.type) {
          case "server_changed":
            return closeWhere(
              ({ revision, serverId }) => serverId === signal.serverId && revision !== signal.revision,
            )
          case "server_removed":
            return closeWhere(({ serverId }) => serverId === signal.serverId)
          default:
            return Effect.void
        }
      })

      return SessionPool.of({ get, close: (serverId) => closeWhere((key) => key.serverId === serverId) })
    }),
  )
}

/** A session from the moment that its transport is made. */
interface OpenedSession {
  readonly key: SessionKey
  /** What ends it: more than one where the first handshake was refused. */
  readonly ends: Array<Effect.Effect<void>>
  isConnected: boolean
}

const endAll = (entries: ReadonlyArray<OpenedSession>) =>
  Effect.forEach(
    entries.flatMap(({ ends }) => ends),
    (end) => end,
    { concurrency: "unbounded", discard: true },
  )

/**
 * Two keys are equal where a session may be shared: same server, same revision of its config, same credential, and
 * the same user where users are asked.
 */
class SessionKey implements Equal.Equal {
  readonly serverId: string
  readonly name: string
  /** Of all who share it, the one who came first. */
  readonly actor: Pick<Actor, "organizationId" | "userId">
  readonly config: ServerConfig
  readonly revision: number
  readonly authorization: TransportAuthorization | undefined
  /** Names the session, and its verdict on the server's era. */
  readonly key: string

  constructor(
    server: McpServer,
    { organizationId, userId }: Actor,
    config: ServerConfig,
    authorization: TransportAuthorization | undefined,
    credentials: ReadonlyArray<string>,
  ) {
    this.serverId = server.id
    this.name = server.name
    this.actor = { organizationId, userId }
    this.config = config
    this.revision = server.revision
    this.authorization = authorization
    this.key = [server.id, server.revision, ...credentials].join("/")
  }

  [Equal.symbol](that: Equal.Equal): boolean {
    return that instanceof SessionKey && that.key === this.key
  }

  [Hash.symbol](): number {
    return Hash.string(this.key)
  }
}
