import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Layer from "effect/Layer"
import { SessionPool } from "../sessions/SessionPool.ts"
import type { ToolsChanged } from "../sessions/ToolNews.ts"
import { observeRefresh } from "./observeRefresh.ts"
import { dueAt, initialPace, refreshed, type RefreshPace } from "./RefreshPace.ts"
import { isChange } from "./replaceTools.ts"
import { ToolCatalog } from "./ToolCatalog.ts"

/** A server that has said that its tools have changed. */
interface Teller {
  pace: RefreshPace
  /** Who said it last and was not listened to yet. */
  news: ToolsChanged | undefined
  firstAt: number
  lastAt: number
  isAwaited: boolean
}

/** How often it is looked whether the session is still there: without it, there is nothing to wait for. */
const lookMillis = 5_000

/** Who has said nothing for longest is forgotten first. */
const maxTellers = 10_000

/**
 * Lists the tools of a server again when it says that they have changed.
 *
 * That is done over the session that said it, as whoever opened that: nothing is opened for it, so no circuit breaker
 * is asked, and the session is no more in use than before. Where it has ended meanwhile, or the listing fails, the
 * tools stay as they are.
 */
export const layerChangedTools = Layer.effectDiscard(
  Effect.gen(function* () {
    const sessions = yield* SessionPool
    const catalog = yield* ToolCatalog
    const clock = yield* Clock.Clock
    const run = yield* FiberSet.makeRuntime<never>()
    const tellers = new Map<string, Teller>()

    const refresh = ({ server, session, userId }: ToolsChanged): Effect.Effect<boolean> =>
      observeRefresh(
        server.id,
        Effect.flatMap(session.listToolsAside, (listed) => catalog.replace(server, userId, listed)),
      ).pipe(
        Effect.map(isChange),
        // Failures are told by now, without the cause, in which there may be the server's own words.
        Effect.catchCause((cause) =>
          Cause.hasDies(cause)
            ? Effect.as(
                Effect.logError("The changed tools of an MCP server could not be listed", cause),
                false,
              )
            : Effect.succeed(false),
        ),
        Effect.annotateLogs({ server: server.id }),
      )

    const attend = Effect.fnUntraced(function* (teller: Teller) {
      while (teller.news !== undefined) {
        const left = dueAt(teller.pace, teller.firstAt, teller.lastAt) - clock.currentTimeMillisUnsafe()
        if (!teller.news.session.isOpen()) {
          teller.news = undefined
          continue
        }
        if (left > 0) {
          yield* Effect.sleep(Duration.millis(Math.min(left, lookMillis)))
          continue
        }
        const { news } = teller
        // What is said from here on may be of a change that the listing does not show.
        teller.news = undefined
        const isChanged = yield* refresh(news)
        teller.pace = refreshed(teller.pace, clock.currentTimeMillisUnsafe(), isChanged)
      }
      teller.isAwaited = false
    })

    // It may be called ten thousand times a second.
    const hear = (news: ToolsChanged) => {
      const now = clock.currentTimeMillisUnsafe()
      const teller = tellers.get(news.server.id) ?? newTeller()
      if (teller.news === undefined) teller.firstAt = now
      teller.news = news
      teller.lastAt = now
      if (teller.isAwaited) return
      teller.isAwaited = true
      tellers.delete(news.server.id)
      tellers.set(news.server.id, teller)
      const oldest = tellers.keys().next()
      if (tellers.size > maxTellers && oldest.done !== true) tellers.delete(oldest.value)
      run(attend(teller))
    }
    yield* sessions.onToolsChanged(hear)
  }),
)

const newTeller = (): Teller => ({
  pace: initialPace,
  news: undefined,
  firstAt: 0,
  lastAt: 0,
  isAwaited: false,
})
