import { expect, layer } from "@effect/vitest"
import { type Actor, layerMemory, McpServers, type RunEvent, ToolCatalog, ToolRunner } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { vi } from "vitest"
import { inProcessServer } from "../../src/index.ts"
import { drivenTool } from "./followHost.ts"

const alice: Actor = { organizationId: "acme", userId: "alice" }
const { called, tool } = drivenTool()
const url = "https://driven.test/mcp"
const server = inProcessServer({ tools: [tool] })

/** The time that runs have, by a clock that the test moves. */
layer(layerMemory({ [url]: server.connect }))("a run", (it) => {
  const register = Effect.gen(function* () {
    const config = {
      type: "streamable_http",
      serverUrl: url,
      authHeader: null,
      authToken: null,
      customHeaders: null,
      oauth: null,
    } as const
    const { id } = yield* (yield* McpServers).create(alice, { name: crypto.randomUUID(), config })
    const catalog = yield* ToolCatalog
    yield* catalog.refresh(alice, id)
    const [driven] = yield* catalog.list(alice, id)
    return [id, driven?.id ?? ""] as const
  })

  /** Follows a run in the background, and tells of progress until somebody has heard of it. */
  const follow = Effect.fnUntraced(function* (name: string) {
    const runner = yield* ToolRunner
    const heard: Array<RunEvent> = []
    const fiber = yield* Stream.unwrap(runner.follow(alice, ...(yield* register), { name })).pipe(
      Stream.runForEach((event) => Effect.sync(() => heard.push(event))),
      Effect.forkChild,
    )
    const call = yield* Effect.promise(() => called(name))
    const progress = Effect.promise(async () => {
      const { length } = heard
      await call.progress(length)
      await vi.waitFor(() => expect(heard).toHaveLength(length + 1))
    })
    return { call, fiber, heard, progress }
  })

  it.effect("that nobody follows ends in 55 s", () =>
    Effect.gen(function* () {
      const runner = yield* ToolRunner
      const ids = yield* register
      // Nobody moves its end: it is a timer of Node's own, and none of Effect's clock.
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
      const run = yield* Effect.forkChild(runner.run(alice, ...ids, { name: "unfollowed" }))
      yield* Effect.promise(() => called("unfollowed"))
      yield* Effect.promise(() => vi.advanceTimersByTimeAsync(54_999))
      expect(run.pollUnsafe()).toBeUndefined()
      yield* Effect.promise(() => vi.advanceTimersByTimeAsync(1))
      expect(yield* Fiber.join(run)).toMatchObject({
        status: "error",
        text: expect.stringContaining("within 55 s"),
      })
    }).pipe(Effect.ensuring(Effect.sync(() => vi.useRealTimers()))),
  )

  it.effect("that is followed without a sign of life ends in 55 s, and is cancelled", () =>
    Effect.gen(function* () {
      const { call, fiber, heard } = yield* follow("silent")
      yield* TestClock.adjust("50 seconds")
      yield* Effect.promise(async () => {
        await call.log("This is no progress")
        await vi.waitFor(() => expect(heard).toHaveLength(1))
      })
      yield* TestClock.adjust("4 seconds")
      expect(heard).toMatchObject([{ event: "log" }])
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(fiber)
      expect(heard.at(-1)).toMatchObject({
        event: "result",
        status: "error",
        text: expect.stringContaining("within 55 s"),
      })
      yield* Effect.promise(() =>
        vi.waitFor(() => expect(server.cancellations).toMatchObject([{}, { args: { name: "silent" } }])),
      )
    }),
  )

  it.effect("that is followed has 55 s from each sign of progress", () =>
    Effect.gen(function* () {
      const { fiber, heard, progress } = yield* follow("steady")
      for (let step = 0; step < 4; step += 1) {
        yield* TestClock.adjust("50 seconds")
        yield* progress
      }
      yield* TestClock.adjust("54 seconds")
      expect(heard).toHaveLength(4)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(fiber)
      expect(heard.at(-1)).toMatchObject({ status: "error", text: expect.stringContaining("within 255 s") })
    }),
  )

  it.effect("that never stops to tell of progress ends in ten minutes", () =>
    Effect.gen(function* () {
      const { fiber, heard, progress } = yield* follow("endless")
      for (let step = 0; step < 11; step += 1) {
        yield* TestClock.adjust("54 seconds")
        yield* progress
      }
      expect(heard.map(({ event }) => event)).not.toContain("result")
      yield* TestClock.adjust("6 seconds")
      yield* Fiber.join(fiber)
      expect(heard.at(-1)).toMatchObject({ status: "error", text: expect.stringContaining("within 600 s") })
    }),
  )
})
