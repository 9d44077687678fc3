import { assert, expect, it } from "@effect/vitest"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import type { ConnectEvent } from "../../src/index.ts"
import { eventStream } from "../../src/http/eventStream.ts"

const attempt: ConnectEvent = { event: "connection_attempt", server_name: "server" }
const waiting: ConnectEvent = { event: "waiting_for_auth", message: "Sign in" }
const success: ConnectEvent = { event: "success", tools: [] }
const frame = (event: ConnectEvent) => `data: ${JSON.stringify(event)}\n\n`

/** The text that is sent, piece by piece. */
const sentBy = (events: Stream.Stream<ConnectEvent>): Stream.Stream<string, unknown> => {
  const { body } = eventStream(events)
  assert(body._tag === "Stream")
  return Stream.decodeText(body.stream)
}

it.effect("a comment is sent every 15 s for as long as the stream lasts, however long nothing happens", () =>
  Effect.gen(function* () {
    const events = yield* Queue.unbounded<ConnectEvent, Cause.Done>()
    const sent: Array<string> = []
    const reading = yield* sentBy(Stream.fromQueue(events)).pipe(
      Stream.runForEach((text) => Effect.sync(() => sent.push(text))),
      Effect.forkChild,
    )
    yield* Queue.offer(events, attempt)
    yield* TestClock.adjust("14 seconds")
    expect(sent).toStrictEqual([frame(attempt)])
    yield* TestClock.adjust("1 second")
    expect(sent).toStrictEqual([frame(attempt), ": ping\n\n"])
    yield* Queue.offer(events, waiting)
    yield* TestClock.adjust("30 seconds")
    expect(sent.slice(2)).toStrictEqual([frame(waiting), ": ping\n\n", ": ping\n\n"])
    // A line that is not told to be a comment only by its first character: the older client looks for "data:".
    expect(sent.filter((text) => !text.startsWith("data: ")).join("")).not.toContain("data")

    yield* Queue.offer(events, success)
    yield* Queue.end(events)
    yield* Fiber.join(reading)
    expect(sent.at(-1)).toBe(frame(success))
    const { length } = sent
    yield* TestClock.adjust("10 minutes")
    expect(sent).toHaveLength(length)
  }),
)

it.effect(
  "every character that is not ASCII is escaped, and so is what the older client takes for the end",
  () =>
    Effect.gen(function* () {
      const server_name = "Größe 大 👩‍👩‍👧‍👦 \u007f\u0080\u2028\ufeff \\[DONE] [[DONE]] [DONE"
      const sent = yield* Stream.mkString(
        sentBy(Stream.succeed({ event: "connection_attempt", server_name })),
      )
      expect(sent).toMatch(/^data: [\x20-\x7f]+\n\n$/)
      expect(sent).not.toContain("[DONE]")
      expect(JSON.parse(sent.slice("data: ".length))).toStrictEqual({
        event: "connection_attempt",
        server_name,
      })
    }),
)

it.effect("what nobody foresaw is an error without its cause", () =>
  Effect.gen(function* () {
    const events = Stream.concat(Stream.succeed(attempt), Stream.die(new Error("canary-71d2")))
    const sent = yield* Stream.runCollect(sentBy(events))
    expect(sent).toHaveLength(2)
    expect(sent[1]).toContain('"code":"internal_error"')
    expect(sent.join("")).not.toContain("canary-71d2")
  }),
)
