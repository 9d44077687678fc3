import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Actor } from "../actors/Actor.ts"
import { Options } from "../Options.ts"
import { digest } from "../security/digest.ts"
import { ClientFeatures } from "../serverRequests/ClientFeatures.ts"
import { fillVariables } from "../servers/fillVariables.ts"
import type { McpServer } from "../servers/McpServer.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { StoreSignals } from "../storage/StoreSignals.ts"
import { Transports } from "../transport/Transports.ts"
import { type CircuitKey, makeCircuits } from "./Circuits.ts"
import { type ConnectError, McpServerTimeout, McpServerUnreachable } from "./ConnectError.ts"
import { makeEraVerdicts } from "./EraVerdicts.ts"
import { type LiveSession, makeLiveSessions } from "./LiveSessions.ts"
import type { McpSession } from "./McpSession.ts"
import { openSession } from "./openSession.ts"
import { type ServerHealth, serverHealth } from "./ServerHealth.ts"
import { SessionKey, sessionKey, type SessionWish } from "./SessionKey.ts"
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
    /** Uses a session, which is not closed before that has ended. */
    readonly use: <A, E, R>(
      server: McpServer,
      actor: Actor,
      body: (session: McpSession) => Effect.Effect<A, E, R>,
      wish?: SessionWish,
    ) => Effect.Effect<A, E | ConnectError | StoreError, R>
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
      const signals = yield* StoreSignals
      const signIn = yield* makeSessionSignIn
      const verdicts = makeEraVerdicts()
      const circuits = yield* makeCircuits
      const news = yield* makeToolNews

      const open = (place: LiveSession) => {
        const { key } = place
        const watched: Transports["Service"] = {
          make: (config, authorization) =>
            Effect.tap(transports.make(config, authorization), ({ end }) =>
              Effect.sync(() => place.ends.push(end)),
            ),
        }
        const opening = openSession(watched, verdicts, key, limits, {
          answered: () => circuits.succeeded(key),
          toolsChanged: () => {
            if (place.session !== undefined) news.tell(key, place.session)
          },
          closed: (diagnostics) => {
            // Servers and proxies close what is quiet for long; a command has no reason to go.
            if (key.config.type === "stdio" && place.session !== undefined && !place.isClosing) {
              circuits.crashed(key, crash(key.name, diagnostics))
            }
          },
        }).pipe(Effect.tap((session) => news.hear(key, session)))
        return circuits.attempt(key, opening)
      }
      const live = yield* makeLiveSessions(open, limits)
      // Closing takes a command's or a server's time; nobody who changes or removes a server waits for it.
      const scope = yield* Effect.scope
      // Each has its own patience while it ends.
      yield* Effect.addFinalizer(() => endAll(live.where(() => true)))

      /** Where there is no session yet, or none that is open. */
      const useNew = <A, E, R>(
        key: SessionKey,
        body: (session: McpSession) => Effect.Effect<A, E, R>,
        deadline: number | undefined,
      ) =>
        Effect.uninterruptibleMask((restore) => {
          const wait = (opened: Effect.Effect<McpSession, ConnectError>) =>
            restore(deadline === undefined ? opened : until(deadline, key.name, opened))
          return Effect.gen(function* () {
            let { place, session } = yield* live.take(key, wait)
            if (!session.isOpen()) {
              // One that died while nobody used it is replaced before anybody notices.
              yield* live.retire(place)
              yield* live.release(place)
              ;({ place, session } = yield* live.take(key, wait))
            }
            return yield* Effect.onExit(restore(body(session)), () => live.release(place))
          })
        })

      const until = (deadline: number, serverName: string, opened: Effect.Effect<McpSession, ConnectError>) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) =>
          Effect.timeoutOrElse(opened, {
            duration: Duration.millis(Math.max(1, deadline - now)),
            orElse: () =>
              Effect.fail(
                new McpServerTimeout({
                  serverName,
                  step: "connect",
                  millis: limits.runTimeoutMs,
                  diagnostics: undefined,
                }),
              ),
          }),
        )

      const use: SessionPool["Service"]["use"] = (server, actor, body, wish = {}) =>
        Effect.flatMap(signIn(server, actor), (signedIn) => {
          const userId = isShared ? "" : actor.userId
          const known = live.find(sessionKey(server, signedIn, userId))
          if (known?.session === undefined) {
            return useNew(new SessionKey(server, actor, signedIn, userId, wish), body, wish.deadline)
          }
          known.uses += 1
          return Effect.onExit(body(known.session), () => live.release(known))
        })

      const closeWhere = Effect.fnUntraced(function* (isOutdated: (key: CircuitKey) => boolean) {
        circuits.forget(isOutdated)
        const connecting = live.where(({ key, session }) => session === undefined && isOutdated(key))
        const outdated = live.where(({ key }) => isOutdated(key))
        yield* Effect.all(
          [endAll(connecting), Effect.forEach(outdated, live.retire, { concurrency: "unbounded" })],
          {
            concurrency: "unbounded",
          },
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
        const sessions = live
          .where(({ isClosing, key }) => key.serverId === server.id && !isClosing)
          .flatMap(({ session }) => (session?.isOpen() === true ? [session] : []))
        const circuit = circuits.get({ serverId: server.id, revision: server.revision, variables })
        return serverHealth(circuit, sessions, server.config.type, yield* Clock.currentTimeMillis)
      })

      return SessionPool.of({ use, close, health, onToolsChanged: news.listen })
    }),
  )
}

/** What tells the variables apart that a config was filled with; empty where it was with none. */
const digestOf = (credential: Redacted.Redacted<string> | undefined) =>
  credential === undefined ? Effect.succeed("") : digest(credential)

const endAll = (places: ReadonlyArray<LiveSession>) =>
  Effect.forEach(
    places.flatMap((place) => {
      place.isClosing = true
      return place.ends
    }),
    (end) => end,
    { concurrency: "unbounded", discard: true },
  )

const crash = (serverName: string, diagnostics: string | undefined) =>
  new McpServerUnreachable({
    serverName,
    problem: `The command ended by itself${diagnostics === undefined ? "" : `: ${diagnostics}`}.`,
  })
