import { setImmediate } from "node:timers/promises"
import { expect, it } from "@effect/vitest"
import type { Transport } from "@modelcontextprotocol/client"
import { type Actor, layerMemory, McpServers, SessionPool, ToolCatalog, ToolRunner } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { inProcessServer } from "../../src/index.ts"

// A server that fails again and again is left alone for a while, and others are not affected.

const alice: Actor = { organizationId: "acme", userId: "alice" }
const urls = { fragile: "https://fragile.test/mcp", steady: "https://steady.test/mcp" }
const remote = (serverUrl: string) => ({
  type: "streamable_http" as const,
  serverUrl,
  authHeader: null,
  authToken: null,
  customHeaders: null,
  oauth: null,
})

const refuses = (until: Promise<void> = Promise.resolve()): Transport => ({
  start: () =>
    until.then(() => Promise.reject(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }))),
  send: () => Promise.reject(new Error("not started")),
  close: async () => {},
})

/** Mooring with a server that can be taken down, and one that stays. */
const start = () => {
  const fragile = inProcessServer()
  const steady = inProcessServer()
  let isUp = true
  let attempts = 0
  let patience: Promise<void> | undefined
  const connect = () => {
    attempts += 1
    return isUp ? fragile.connect() : refuses(patience)
  }
  return {
    layer: layerMemory({ [urls.fragile]: connect, [urls.steady]: steady.connect }),
    attempts: () => attempts,
    /** @param slowly from now on it refuses only when that has resolved. */
    takeDown: (slowly?: Promise<void>) =>
      Effect.promise(() => {
        isUp = false
        patience = slowly
        return fragile.disconnect()
      }),
    bringUp: Effect.sync(() => {
      isUp = true
    }),
  }
}

const register = Effect.fnUntraced(function* (serverUrl: string) {
  const servers = yield* McpServers
  const catalog = yield* ToolCatalog
  const runner = yield* ToolRunner
  const sessions = yield* SessionPool
  const { id } = yield* servers.create(alice, { name: serverUrl, config: remote(serverUrl) })
  yield* catalog.refresh(alice, id)
  const tools = yield* catalog.list(alice, id)
  const toolId = tools.find(({ definition }) => definition.name === "count")?.id ?? ""
  return {
    run: runner.run(alice, id, toolId, {}),
    refresh: catalog.refresh(alice, id),
    health: Effect.flatMap(servers.get(alice, id), (server) => sessions.health(server, alice)),
    close: sessions.close(id),
    changeConfig: servers.update(alice, id, { config: { authHeader: "X-Token" } }),
  }
})

/** The clock of these tests stands still; what happens outside of effects takes turns of the event loop. */
const until = Effect.fnUntraced(function* <E, R>(isSo: Effect.Effect<boolean, E, R>) {
  while (!(yield* isSo)) yield* Effect.promise(() => setImmediate())
})

/** Until it is left alone. */
const failFiveTimes = ({ run }: Effect.Success<ReturnType<typeof register>>) =>
  Effect.gen(function* () {
    for (let failure = 1; failure <= 5; failure += 1) {
      expect(yield* Effect.flip(run)).toMatchObject({ _tag: "McpServerUnreachable" })
    }
  })

it.effect(
  "it is left alone after five failures, says since when and why, and tried again when the time has come",
  () => {
    const { attempts, bringUp, layer, takeDown } = start()
    return Effect.gen(function* () {
      const server = yield* register(urls.fragile)
      const other = yield* register(urls.steady)
      expect(yield* server.health).toMatchObject({
        status: "healthy",
        circuit: "closed",
        lastError: null,
        liveSessions: 1,
        transport: "streamable_http",
        era: "modern",
      })

      yield* takeDown()
      yield* failFiveTimes(server)
      const before = attempts()
      const failing = yield* Effect.flip(server.run)
      expect(failing).toMatchObject({ _tag: "McpServerFailing", since: 0 })
      expect(failing.message).toMatch(/failing since 1970-01-01T00:00:00.000Z.*connection refused/)
      for (let again = 0; again < 100; again += 1) yield* Effect.flip(server.run)
      expect(attempts()).toBe(before)
      const health = yield* server.health
      expect(health).toMatchObject({
        status: "failing",
        circuit: "open",
        consecutiveFailures: 5,
        lastError: { code: "mcp_server_unreachable", message: expect.stringContaining("connection refused") },
        liveSessions: 0,
        era: null,
      })
      const nextTry = health.nextTryAt?.epochMilliseconds ?? 0
      expect(nextTry).toBeGreaterThanOrEqual(4_000)
      expect(nextTry).toBeLessThanOrEqual(6_000)
      expect(yield* other.run).toMatchObject({ status: "success" })

      yield* TestClock.adjust(nextTry)
      expect((yield* server.health).circuit).toBe("half_open")
      expect(yield* Effect.flip(server.run)).toMatchObject({ _tag: "McpServerUnreachable" })
      expect(attempts()).toBeGreaterThan(before)
      expect(yield* Effect.flip(server.run)).toMatchObject({ _tag: "McpServerFailing" })

      yield* bringUp
      yield* TestClock.adjust("12 seconds")
      expect(yield* server.run).toMatchObject({ status: "success" })
      expect(yield* server.health).toMatchObject({
        status: "healthy",
        circuit: "closed",
        consecutiveFailures: 0,
        nextTryAt: null,
        lastError: { code: "mcp_server_unreachable" },
      })
    }).pipe(Effect.provide(layer))
  },
)

it.effect("a refresh tries it at once, and closes the circuit when it succeeds", () => {
  const { bringUp, layer, takeDown } = start()
  return Effect.gen(function* () {
    const server = yield* register(urls.fragile)
    yield* takeDown()
    yield* failFiveTimes(server)
    expect(yield* Effect.flip(server.refresh)).toMatchObject({ _tag: "McpServerUnreachable" })
    expect(yield* Effect.flip(server.run)).toMatchObject({ _tag: "McpServerFailing" })
    yield* bringUp
    yield* server.refresh
    expect(yield* server.run).toMatchObject({ status: "success" })
    expect((yield* server.health).status).toBe("healthy")
  }).pipe(Effect.provide(layer))
})

it.effect("another config is tried at once", () => {
  const { bringUp, layer, takeDown } = start()
  return Effect.gen(function* () {
    const server = yield* register(urls.fragile)
    yield* takeDown()
    yield* failFiveTimes(server)
    yield* bringUp
    yield* server.changeConfig
    expect((yield* server.health).status).toBe("unknown")
    expect(yield* server.run).toMatchObject({ status: "success" })
  }).pipe(Effect.provide(layer))
})

it.effect("of a server whose sessions are closed nothing is kept", () => {
  const { layer } = start()
  return Effect.gen(function* () {
    const server = yield* register(urls.steady)
    expect((yield* server.health).status).toBe("healthy")
    yield* server.close
    yield* until(Effect.map(server.health, ({ liveSessions }) => liveSessions === 0))
    expect((yield* server.health).status).toBe("unknown")
  }).pipe(Effect.provide(layer))
})

it.effect("a server that never comes back is tried less and less", () => {
  const { attempts, layer, takeDown } = start()
  return Effect.gen(function* () {
    const server = yield* register(urls.fragile)
    yield* takeDown()
    const triesInAnHour: Array<number> = []
    for (const minutes of [1, 59]) {
      const before = attempts()
      for (let second = 0; second < minutes * 60; second += 1) {
        yield* Effect.flip(server.run)
        yield* TestClock.adjust("1 second")
      }
      triesInAnHour.push(attempts() - before)
    }
    const [firstMinute = 0, rest = 0] = triesInAnHour
    expect(firstMinute).toBeLessThanOrEqual(10)
    expect(rest).toBeLessThanOrEqual(20)
  }).pipe(Effect.provide(layer))
})

it.effect("nobody is told of a failure for which nobody has waited", () => {
  const { attempts, bringUp, layer, takeDown } = start()
  const refused = Promise.withResolvers<void>()
  return Effect.gen(function* () {
    const server = yield* register(urls.fragile)
    yield* takeDown(refused.promise)
    const before = attempts()
    const waiting = yield* Effect.forkChild(server.run)
    yield* Effect.promise(() => expect.poll(attempts).toBe(before + 1))
    yield* Fiber.interrupt(waiting)
    refused.resolve()
    yield* until(Effect.map(server.health, ({ consecutiveFailures }) => consecutiveFailures > 0))
    yield* bringUp
    expect(yield* server.run).toMatchObject({ status: "success" })
  }).pipe(Effect.provide(layer))
})
