import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type { McpServer } from "../servers/McpServer.ts"
import type { McpSession } from "./McpSession.ts"
import type { SessionKey } from "./SessionKey.ts"

/** An MCP server has said, over a live session, that its tools have changed. */
export interface ToolsChanged {
  /** As it was when the session was opened. */
  readonly server: Pick<McpServer, "id" | "organizationId" | "revision">
  /** Who opened the session. */
  readonly userId: string
  readonly session: McpSession
}

/** Word of changed tools from live sessions, of registered servers alone. */
export interface ToolNews {
  readonly listen: (listener: (news: ToolsChanged) => void) => Effect.Effect<void, never, Scope.Scope>
  readonly tell: (key: SessionKey, session: McpSession) => void
  /** Has a session hear of them until the scope ends, where its server wants to be asked for that. */
  readonly hear: (key: SessionKey, session: McpSession) => Effect.Effect<void, never, Scope.Scope>
}

/** A session that lives for less than that is not worth asking. */
const firstPauseMillis = 1_000
/** How long it takes until a server is asked again that has ended what it was asked for: longer each time. */
const retryMillis = 5_000
const longestRetryMillis = 300_000
/** What was open for so long has ended as such streams do. */
const wellMillis = 30_000

interface Candidate {
  readonly session: McpSession
  readonly gone: Deferred.Deferred<void>
}

interface Hearing {
  readonly candidates: Set<Candidate>
  readonly fiber: Fiber.Fiber<void>
}

/**
 * Hearing takes a stream that stays open, so of all the sessions to one server a single one hears: the oldest, and
 * when it is gone or the server has ended the stream, the next.
 */
export const makeToolNews: Effect.Effect<ToolNews, never, Scope.Scope> = Effect.gen(function* () {
  const scope = yield* Effect.scope
  const listeners = new Set<(news: ToolsChanged) => void>()
  const servers = new Map<string, Hearing>()

  const hearInTurns = Effect.fnUntraced(function* (candidates: Set<Candidate>) {
    let endings = 0
    yield* Effect.sleep(Duration.millis(firstPauseMillis))
    for (;;) {
      const [first] = candidates
      if (first === undefined) return
      const startedAt = yield* Clock.currentTimeMillis
      yield* Effect.raceFirst(first.session.hearOfTools ?? Effect.void, Deferred.await(first.gone))
      if (!candidates.delete(first)) continue
      candidates.add(first)
      endings = (yield* Clock.currentTimeMillis) - startedAt > wellMillis ? 0 : endings + 1
      yield* Effect.sleep(Duration.millis(Math.min(longestRetryMillis, retryMillis * 2 ** endings)))
    }
  })

  const join = (server: string, candidate: Candidate) =>
    Effect.suspend((): Effect.Effect<unknown> => {
      const known = servers.get(server)
      if (known !== undefined) return Effect.sync(() => known.candidates.add(candidate))
      const candidates = new Set([candidate])
      return Effect.map(Effect.forkIn(hearInTurns(candidates), scope), (fiber) =>
        servers.set(server, { candidates, fiber }),
      )
    })

  const leave = (server: string, candidate: Candidate) =>
    Effect.suspend((): Effect.Effect<unknown> => {
      const known = servers.get(server)
      if (known === undefined) return Effect.void
      known.candidates.delete(candidate)
      if (known.candidates.size > 0) return Deferred.succeed(candidate.gone, undefined)
      servers.delete(server)
      return Fiber.interrupt(known.fiber)
    })

  return {
    listen: (listener) =>
      Effect.acquireRelease(
        Effect.sync(() => void listeners.add(listener)),
        () => Effect.sync(() => listeners.delete(listener)),
      ),
    tell: ({ actor, isRegistered, revision, serverId }, session) => {
      if (!isRegistered) return
      const server = { id: serverId, organizationId: actor.organizationId, revision }
      for (const listener of listeners) listener({ server, userId: actor.userId, session })
    },
    hear: ({ isRegistered, revision, serverId, variables }, session) => {
      if (!isRegistered || session.hearOfTools === undefined) return Effect.void
      const server = `${serverId}/${revision}/${variables}`
      const candidate = { session, gone: Deferred.makeUnsafe<void>() }
      return Effect.acquireRelease(join(server, candidate), () => leave(server, candidate))
    },
  }
})
