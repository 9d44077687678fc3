import { LOG_LEVEL_META_KEY } from "@modelcontextprotocol/client"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { callDeadline } from "./callDeadline.ts"
import type { CallFollower } from "./McpSession.ts"
import type { SessionNotices } from "./SessionNotices.ts"

/** What servers are asked to log, and above. */
export const logLevel = "info"

/** What a followed call asks its server for: progress, and in 2026-07-28 log messages too. */
export const followedMeta = ({ token }: CallFollower, isModern: boolean) => ({
  progressToken: token,
  ...(isModern ? { [LOG_LEVEL_META_KEY]: logLevel } : {}),
})

/** Tells the follower what the server says while the call runs, and gives up when nothing has come of it for too long. */
export const followCall = Effect.fnUntraced(function* <A, E, R>(
  notices: SessionNotices,
  follower: CallFollower,
  call: Effect.Effect<A, E, R>,
  giveUp: (afterMillis: number) => Effect.Effect<never, E>,
) {
  const { feed, limits, startedAt } = follower
  const clock = yield* Clock.Clock
  let heardAt = startedAt
  const outOfTime = Effect.gen(function* () {
    for (;;) {
      const deadline = callDeadline(startedAt, heardAt, limits)
      const left = deadline - clock.currentTimeMillisUnsafe()
      if (left <= 0) return yield* giveUp(deadline - startedAt)
      yield* Effect.sleep(Duration.millis(left))
    }
  })
  const heard: CallFollower = {
    ...follower,
    feed: {
      log: feed.log,
      progress: (params) => {
        heardAt = clock.currentTimeMillisUnsafe()
        feed.progress(params)
      },
    },
  }
  return yield* Effect.raceFirst(notices.during(heard, call), outOfTime)
})
