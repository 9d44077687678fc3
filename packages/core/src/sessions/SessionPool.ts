import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as RcMap from "effect/RcMap"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { Actor } from "../actors/Actor.ts"
import { Options } from "../Options.ts"
import { checkHeaders } from "../security/checkHeaders.ts"
import { digest } from "../security/digest.ts"
import { ClientFeatures } from "../serverRequests/ClientFeatures.ts"
import { fillVariables } from "../servers/fillVariables.ts"
import type { McpServer } from "../servers/McpServer.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { StoreSignals } from "../storage/StoreSignals.ts"
import { Transports } from "../transport/Transports.ts"
import { type CircuitKey, makeCircuits } from "./Circuits.ts"
import { type ConnectError, McpServerUnreachable } from "./ConnectError.ts"
import { makeEraVerdicts } from "./EraVerdicts.ts"
import { type HeldSession, makeHeldSessions } from "./HeldSessions.ts"
import type { McpSession } from "./McpSession.ts"
import { openSession } from "./openSession.ts"
import { type ServerHealth, serverHealth } from "./ServerHealth.ts"
import { SessionKey, type SessionWish } from "./SessionKey.ts"
import { makeSessionSignIn } from "./sessionSignIn.ts"
import { makeToolNews, type ToolNews } from "./ToolNews.ts"

/**
 * Keeps live sessions to MCP servers: one for each server and credential, shared by concurrent calls and opened once
 * however many ask for it, closed when it has been idle for a while or when others need its place. A server that fails
 * again and again is left alone for a while. Where the host answers what servers ask for, each user has their own: what
 * a server asks by itself says nothing of the call that it belongs to, and what it is told may be kept with the session.
 */
export class SessionPool extends Context.Service<
  SessionPool,
  {
    /** A session for as long as the scope lasts. */
    readonly get: (
      server: McpServer,
      actor: Actor,
      wish?: SessionWish,
    ) => Effect.Effect<McpSession, ConnectError | StoreError, Scope.Scope>
    /**
     * Closes the sessions to a server, in the background: those that are being opened at once, those in use when
     * their calls have ended. It happens by itself where the stores tell that a server was changed or removed.
     *
     * @param revision those by that config alone. Default: all.
     */
    readonly close: (serverId: string, revision?: number) => Effect.Effect<void>
    /** How the server is, as seen from this node, for this actor where the variables of each make a difference. */
    readonly health: (server: McpServer, actor: Actor) => Effect.Effect<ServerHealth>
    /** Calls the listener, until the scope ends, whenever the server of a live session says that its tools have changed. */
    readonly onToolsChanged: ToolNews["listen"]
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
      const circuits = yield* makeCircuits
      const held = makeHeldSessions(limits)
      const news = yield* makeToolNews

      const open = Effect.fnUntraced(
        function* (key: SessionKey) {
          const entry = yield* held.take(sessions, key)
          const watched: Transports["Service"] = {
            make: (config, authorization) =>
              Effect.tap(transports.make(config, authorization), ({ end }) =>
                Effect.sync(() => entry.ends.push(end)),
              ),
          }
          const session = yield* openSession(watched, verdicts, key, limits, {
            proven: () => circuits.succeeded(key),
            toolsChanged: () => {
              if (entry.session !== undefined) news.tell(key, entry.session)
            },
            closed: (diagnostics) => {
              // Servers and proxies close what is quiet for long; a command has no reason to go.
              if (key.config.type === "stdio" && entry.session !== undefined && !entry.isClosing) {
                circuits.crashed(key, crash(key.name, diagnostics))
              }
            },
          })
          entry.session = session
          yield* news.hear(key, session)
          // Before the transport ends, which by then is our doing.
          yield* Effect.addFinalizer(() => Effect.sync(() => (entry.isClosing = true)))
          const listTools = Effect.tap(session.listTools, () => Effect.sync(() => circuits.succeeded(key)))
          return { ...session, listTools }
        },
        (opening, key) => circuits.attempt(key, opening),
        // The map would keep a failure for as long as a session, and tell it to who comes later.
        (attempt, key) =>
          Effect.tapCause(attempt, (cause) =>
            Cause.hasInterruptsOnly(cause)
              ? Effect.void
              : Effect.forkIn(RcMap.invalidate(sessions, key), scope, { startImmediately: true }),
          ),
      )

      const sessions: RcMap.RcMap<SessionKey, McpSession, ConnectError> = yield* RcMap.make({
        lookup: open,
        idleTimeToLive: Duration.millis(limits.sessionIdleMs),
      })
      // The map would close them one after the other, each with its own patience.
      yield* Effect.addFinalizer(() => endAll(held.where(() => true)))

      const get = Effect.fnUntraced(function* (server: McpServer, actor: Actor, wish: SessionWish = {}) {
        const { config, credential } = yield* Effect.fromResult(fillVariables(server.config, actor))
        // What a variable was filled with is as little to be trusted as what a user wrote.
        if (credential !== undefined && config.type !== "stdio") yield* checkHeaders(config)
        const signedIn = yield* signIn(actor, config)
        const owner = {
          variables: yield* digestOf(credential),
          credentialId: signedIn?.credentialId ?? "",
          userId: isShared ? "" : actor.userId,
        }
        const key = new SessionKey(server, actor, config, signedIn?.authorization, owner, wish)
        const session = yield* RcMap.get(sessions, key)
        // One that died while nobody used it is replaced before anybody notices.
        if (session.isOpen()) return session
        yield* RcMap.invalidate(sessions, key)
        return yield* RcMap.get(sessions, key)
      })

      const closeWhere = Effect.fnUntraced(function* (isOutdated: (key: CircuitKey) => boolean) {
        circuits.forget(isOutdated)
        const keys = [...(yield* RcMap.keys(sessions))].filter(isOutdated)
        const connecting = held.where(({ key, session }) => session === undefined && isOutdated(key))
        yield* Effect.all(
          [
            endAll(connecting),
            Effect.forEach(keys, (key) => RcMap.invalidate(sessions, key), { concurrency: "unbounded" }),
          ],
          { concurrency: "unbounded" },
        ).pipe(Effect.uninterruptible, Effect.forkIn(scope))
      })

      const close = (serverId: string, revision?: number) =>
        closeWhere(
          (key) => key.serverId === serverId && (revision === undefined || key.revision === revision),
        )

      yield* signals.listen((signal) => {
        switch (signal.type) {
          case "server_changed":
            return closeWhere(
              ({ revision, serverId }) => serverId === signal.serverId && revision !== signal.revision,
            )
          case "server_removed":
            return close(signal.serverId)
          default:
            return Effect.void
        }
      })

      const health = Effect.fnUntraced(function* (server: McpServer, actor: Actor) {
        const filled = fillVariables(server.config, actor)
        const credential = Result.isSuccess(filled) ? filled.success.credential : undefined
        const variables = yield* digestOf(credential)
        const live = held
          .where(({ isClosing, key }) => key.serverId === server.id && !isClosing)
          .flatMap(({ session }) => (session?.isOpen() === true ? [session] : []))
        const circuit = circuits.get({ serverId: server.id, revision: server.revision, variables })
        return serverHealth(circuit, live, server.config.type, yield* Clock.currentTimeMillis)
      })

      return SessionPool.of({ get, close, health, onToolsChanged: news.listen })
    }),
  )
}

/** What tells the variables apart that a config was filled with; empty where it was with none. */
const digestOf = (credential: Redacted.Redacted<string> | undefined) =>
  credential === undefined ? Effect.succeed("") : digest(credential)

const endAll = (entries: ReadonlyArray<HeldSession>) =>
  Effect.forEach(
    entries.flatMap((entry) => {
      entry.isClosing = true
      return entry.ends
    }),
    (end) => end,
    { concurrency: "unbounded", discard: true },
  )

const crash = (serverName: string, diagnostics: string | undefined) =>
  new McpServerUnreachable({
    serverName,
    problem: `The command ended by itself${diagnostics === undefined ? "" : `: ${diagnostics}`}.`,
  })
