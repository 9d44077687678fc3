import { expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { type Circuits, makeCircuits } from "../../src/sessions/Circuits.ts"
import { AuthorizationRequired, McpServerUnreachable } from "../../src/sessions/ConnectError.ts"

const target = { serverId: "s", revision: 1, variables: "", name: "s", isExplicit: false }
const unreachable = new McpServerUnreachable({ serverName: "s", problem: "Nothing listens there." })
const refused = new AuthorizationRequired({ serverName: "s", challenge: null })

const fail = (circuits: Circuits) => Effect.flip(circuits.attempt(target, Effect.fail(unreachable)))
const failing = Effect.gen(function* () {
  const circuits = yield* makeCircuits
  for (let failure = 0; failure < 5; failure += 1) yield* fail(circuits)
  expect(yield* fail(circuits)).toMatchObject({ _tag: "McpServerFailing", since: 0 })
  return circuits
})

it.effect("of many who come when the time is over, one tries; the others are told so", () =>
  Effect.gen(function* () {
    const circuits = yield* failing
    yield* TestClock.adjust("6 seconds")
    const answer = yield* Deferred.make<string>()
    const probe = yield* Effect.forkChild(circuits.attempt(target, Deferred.await(answer)))
    yield* Effect.yieldNow
    const other = yield* fail(circuits)
    expect(other).toMatchObject({ _tag: "McpServerFailing", nextTryAt: undefined })
    expect(other.message).toContain("tried again just now")
    circuits.succeeded(target)
    yield* Deferred.succeed(answer, "connected")
    expect(yield* Fiber.join(probe)).toBe("connected")
    expect(yield* circuits.attempt(target, Effect.succeed("connected"))).toBe("connected")
  }),
)

it.effect("a try that is given up, or refused to somebody, leaves the next one to others", () =>
  Effect.gen(function* () {
    const circuits = yield* failing
    yield* TestClock.adjust("6 seconds")
    const probe = yield* Effect.forkChild(circuits.attempt(target, Effect.never))
    yield* Effect.yieldNow
    yield* Fiber.interrupt(probe)
    expect(yield* Effect.flip(circuits.attempt(target, Effect.fail(refused)))).toBe(refused)
    expect(yield* fail(circuits)).toBe(unreachable)
    expect(circuits.get(target)).toMatchObject({ failures: 6, openings: 2 })
  }),
)

it.effect("what is outdated is forgotten, and nothing else", () =>
  Effect.gen(function* () {
    const circuits = yield* failing
    circuits.succeeded({ ...target, revision: 2 })
    circuits.forget(({ revision }) => revision === 1)
    expect(circuits.get(target)).toBeUndefined()
    expect(circuits.get({ ...target, revision: 2 })).toMatchObject({ lastSuccessAt: 0 })
  }),
)
