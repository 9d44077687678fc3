import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { RunFeed } from "../../src/tools/RunFeed.ts"
import type { RunEvent } from "../../src/tools/RunEvent.ts"

const limits = { runLogs: 100, runLogBytes: 1024 * 1024, maxJsonDepth: 16 }
const result: RunEvent = {
  event: "result",
  status: "success",
  text: "done",
  content: [],
  structuredContent: undefined,
  truncated: false,
}
const log = (data: unknown) => ({ level: "info", data })

/** Everything that is told after all of it has happened. */
const told = (happen: (feed: RunFeed) => void, changed: Partial<typeof limits> = {}) =>
  Effect.suspend(() => {
    const feed = new RunFeed({ ...limits, ...changed })
    happen(feed)
    feed.end(result)
    return Stream.runCollect(feed.events)
  })

it.effect("events are told in their order, and waited for", () =>
  Effect.gen(function* () {
    const feed = new RunFeed(limits)
    const reading = yield* Effect.forkChild(Stream.runCollect(feed.events))
    yield* Effect.yieldNow
    feed.progress({ progress: 1, total: 2, progressToken: "secret", _meta: {} })
    feed.log({ ...log({ a: [1] }), logger: "db", _meta: {} })
    yield* Effect.yieldNow
    feed.progress({ progress: 2, message: "nearly" })
    feed.end(result)
    feed.log(log("too late"))
    expect(yield* Fiber.join(reading)).toStrictEqual([
      { event: "progress", progress: 1, total: 2 },
      { event: "log", level: "info", logger: "db", data: { a: [1] } },
      { event: "progress", progress: 2, message: "nearly" },
      result,
    ])
  }),
)

it.effect("of progress that nobody has read, the newest is kept", () =>
  Effect.gen(function* () {
    const events = yield* told((feed) => {
      for (let progress = 0; progress < 100_000; progress += 1) feed.progress({ progress })
      feed.log(log("between"))
      feed.progress({ progress: 100_000 })
    })
    expect(events).toStrictEqual([
      { event: "log", level: "info", data: "between" },
      { event: "progress", progress: 100_000 },
      result,
    ])
  }),
)

it.effect("log messages past the limits are counted, and the count is told once", () =>
  Effect.gen(function* () {
    const byNumber = yield* told((feed) => {
      for (let number = 0; number < 100_000; number += 1) feed.log(log(number))
    })
    expect(byNumber).toHaveLength(102)
    expect(byNumber.slice(-3)).toStrictEqual([
      { event: "log", level: "info", data: 99 },
      { event: "logs_left_out", count: 99_900 },
      result,
    ])
    const bySize = yield* told(
      (feed) => {
        for (let number = 0; number < 50; number += 1) feed.log(log("x".repeat(998)))
      },
      { runLogBytes: 10_000 },
    )
    expect(bySize.slice(-2)).toMatchObject([{ event: "logs_left_out", count: 40 }, result])
  }),
)

it.effect("what is too large or too deep is cut", () =>
  Effect.gen(function* () {
    let deep: unknown = 1
    for (let depth = 0; depth < 50_000; depth += 1) deep = [deep]
    const events = yield* told((feed) => {
      feed.log({ ...log("ä".repeat(100_000)), logger: "ö".repeat(100_000) })
      feed.log(log({ long: "x".repeat(100_000) }))
      feed.log(log(deep))
      feed.progress({ progress: 1, message: "ü".repeat(100_000) })
    })
    expect(Buffer.byteLength(JSON.stringify(events))).toBeLessThan(45_000)
    expect(events).toMatchObject([
      { data: "ä".repeat(8 * 1024), logger: "ö".repeat(2 * 1024), truncated: true },
      { data: expect.stringMatching(/^\{"long":"x+$/), truncated: true },
      { data: null, truncated: true },
      { event: "progress", message: "ü".repeat(2 * 1024) },
      result,
    ])
  }),
)

it.effect("what is not of its form is not passed on", () =>
  Effect.gen(function* () {
    const events = yield* told((feed) => {
      feed.progress({})
      feed.progress({ progress: "1" })
      feed.progress({ progress: Number.POSITIVE_INFINITY })
      feed.log({ data: "no level" })
      feed.log({ level: "shouting", data: "no such level" })
      feed.log({ level: "info", logger: 1, data: "no such logger" })
    })
    expect(events).toStrictEqual([{ event: "logs_left_out", count: 3 }, result])
  }),
)
