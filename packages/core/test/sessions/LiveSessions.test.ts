import { expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import { type McpServer, McpServerUnreachable } from "../../src/index.ts"
import { makeMcpServerId } from "../../src/servers/McpServer.ts"
import { makeLiveSessions } from "../../src/sessions/LiveSessions.ts"
import type { McpSession } from "../../src/sessions/McpSession.ts"
import { SessionKey } from "../../src/sessions/SessionKey.ts"

const server: McpServer = {
  id: makeMcpServerId(),
  organizationId: "acme",
  name: "server",
  config: { type: "stdio", command: "x", args: [], env: null },
  revision: 1,
  createdBy: "alice",
  updatedBy: "alice",
  createdAt: DateTime.makeUnsafe(0),
  updatedAt: DateTime.makeUnsafe(0),
}

const keyOf = (credentialId: string) =>
  new SessionKey(
    server,
    { organizationId: "acme", userId: "alice" },
    { config: server.config, variables: "", credentialId, authorization: undefined },
    "",
    {},
  )

const session: McpSession = {
  listTools: Effect.succeed([]),
  listToolsAside: Effect.succeed([]),
  hearOfTools: undefined,
  callTool: () => Effect.never,
  isOpen: () => true,
  era: "modern",
}

const unreachable = new McpServerUnreachable({ serverName: "server", problem: "Nobody is there." })

/** Sessions of which the test decides how they open. */
const start = Effect.fnUntraced(function* (
  open: Effect.Effect<McpSession, McpServerUnreachable> = Effect.succeed(session),
) {
  let opened = 0
  let closed = 0
  const live = yield* makeLiveSessions(
    () =>
      Effect.acquireRelease(
        Effect.sync(() => (opened += 1)),
        () => Effect.sync(() => (closed += 1)),
      ).pipe(Effect.andThen(open)),
    { sessions: 2, sessionsPerActor: 2, sessionIdleMs: 60_000 },
  )
  const take = (name: string) =>
    Effect.uninterruptibleMask((restore) => live.take(keyOf(name), (opened) => restore(opened)))
  return { ...live, take, opened: () => opened, closed: () => closed }
})

it.effect("is opened once however many ask, and found from then on", () =>
  Effect.gen(function* () {
    const gate = yield* Deferred.make<McpSession>()
    const { find, opened, take } = yield* start(Deferred.await(gate))
    const asking = yield* Effect.forkChild(
      Effect.all(
        Array.from({ length: 10 }, () => take("a")),
        { concurrency: 10 },
      ),
    )
    yield* Effect.yieldNow
    expect(find(keyOf("a").key)).toBeUndefined()
    yield* Deferred.succeed(gate, session)
    const taken = yield* Fiber.join(asking)
    expect(new Set(taken.map(({ place }) => place)).size).toBe(1)
    expect(taken[0]?.place.uses).toBe(10)
    expect(find(keyOf("a").key)).toBe(taken[0]?.place)
    expect(opened()).toBe(1)
  }),
)

it.effect("a failure is told to who waits, and to nobody after them", () =>
  Effect.gen(function* () {
    const { closed, opened, take } = yield* start(Effect.fail(unreachable))
    expect(yield* Effect.flip(take("a"))).toBe(unreachable)
    expect(yield* Effect.flip(take("a"))).toBe(unreachable)
    expect([opened(), closed()]).toStrictEqual([2, 2])
  }),
)

it.effect("who leaves while it opens takes nothing from the others", () =>
  Effect.gen(function* () {
    const gate = yield* Deferred.make<McpSession>()
    const { opened, take } = yield* start(Deferred.await(gate))
    const leaving = yield* Effect.forkChild(take("a"), { startImmediately: true })
    const staying = yield* Effect.forkChild(take("a"), { startImmediately: true })
    yield* Fiber.interrupt(leaving)
    yield* Deferred.succeed(gate, session)
    expect((yield* Fiber.join(staying)).place.uses).toBe(1)
    expect(opened()).toBe(1)
  }),
)

it.effect("is closed when nobody has used it for a while, and not before", () =>
  Effect.gen(function* () {
    const { closed, find, release, take } = yield* start()
    const { place } = yield* take("a")
    yield* TestClock.adjust("10 minutes")
    yield* release(place)
    yield* TestClock.adjust("59 seconds")
    expect([closed(), find(place.key.key)]).toStrictEqual([0, place])
    yield* TestClock.adjust("2 seconds")
    expect([closed(), find(place.key.key)]).toStrictEqual([1, undefined])
  }),
)

it.effect("one that is retired goes on for those who use it", () =>
  Effect.gen(function* () {
    const { closed, opened, release, retire, take } = yield* start()
    const { place } = yield* take("a")
    yield* retire(place)
    expect(closed()).toBe(0)
    expect((yield* take("a")).place).not.toBe(place)
    yield* release(place)
    expect([opened(), closed()]).toStrictEqual([2, 1])
  }),
)

it.effect("the one that has been idle for longest makes room; where all are used, there is none", () =>
  Effect.gen(function* () {
    const { closed, find, release, take } = yield* start()
    const first = yield* take("a")
    const second = yield* take("b")
    const refused = yield* Effect.forkChild(Effect.flip(take("c")), { startImmediately: true })
    yield* TestClock.adjust("2 seconds")
    expect(yield* Fiber.join(refused)).toMatchObject({ _tag: "TooManySessions" })
    yield* release(second.place)
    yield* TestClock.adjust("1 second")
    yield* release(first.place)
    yield* take("c")
    expect([closed(), find(second.place.key.key), find(first.place.key.key)]).toStrictEqual([
      1,
      undefined,
      first.place,
    ])
  }),
)

it.effect("all end with their scope, those that open too, and then there are none", () =>
  Effect.gen(function* () {
    const scope = yield* Scope.make()
    const gate = yield* Deferred.make<McpSession>()
    const { closed, take } = yield* Scope.provide(start(Deferred.await(gate)), scope)
    const waiting = yield* Effect.forkChild(take("a"), { startImmediately: true })
    yield* Scope.close(scope, Exit.void)
    expect(Exit.hasInterrupts(yield* Fiber.await(waiting))).toBe(true)
    expect(closed()).toBe(1)
    expect(Exit.hasInterrupts(yield* Effect.exit(take("b")))).toBe(true)
  }),
)
