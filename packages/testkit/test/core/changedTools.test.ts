import { setImmediate } from "node:timers/promises"
import { expect, it } from "@effect/vitest"
import type { Transport } from "@modelcontextprotocol/client"
import {
  type Actor,
  ClientFeatures,
  layerMemory,
  McpServers,
  SessionPool,
  ToolCatalog,
  ToolRunner,
} from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { defaultTools, inProcessServer } from "../../src/index.ts"
import { elicitation } from "./askingHost.ts"
import { rawServer, textOf } from "./rawServer.ts"

// A server says that its tools have changed: they are listed once more, and never more often than is good for the host.

const alice: Actor = { organizationId: "acme", userId: "alice" }
const url = "https://changing.test/mcp"
const config = {
  type: "streamable_http",
  serverUrl: url,
  authHeader: null,
  authToken: null,
  customHeaders: null,
  oauth: null,
} as const

const [echo, add, image] = defaultTools()
if (echo === undefined || add === undefined || image === undefined) throw new Error("There are no tools")

const serve = (connect: () => Transport) => layerMemory({ [url]: connect })

const register = Effect.gen(function* () {
  const servers = yield* McpServers
  const catalog = yield* ToolCatalog
  const sessions = yield* SessionPool
  const { id } = yield* servers.create(alice, { name: "changing", config })
  yield* catalog.refresh(alice, id)
  const tools = catalog.list(alice, id)
  return {
    id,
    ids: Effect.map(tools, (all) => Object.fromEntries(all.map((tool) => [tool.definition.name, tool.id]))),
    names: Effect.map(tools, (all) => all.map(({ definition }) => definition.name)),
    liveSessions: Effect.flatMap(servers.get(alice, id), (server) =>
      Effect.map(sessions.health(server, alice), ({ liveSessions }) => liveSessions),
    ),
  }
})

/** The clock of these tests stands still; what happens outside of effects takes turns of the event loop. */
const until = Effect.fnUntraced(function* <E, R>(isSo: Effect.Effect<boolean, E, R>) {
  while (!(yield* isSo)) yield* Effect.promise(() => setImmediate())
})
const turns = Effect.promise(async () => {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate()
})

const methods = (messages: ReadonlyArray<object>, method: string) =>
  messages.filter((message) => "method" in message && message.method === method).length

it.effect.each(["legacy", "modern"] as const)("they are listed once, when all is quiet (%s)", (era) => {
  const server = inProcessServer({ era, tools: [echo, add] })
  const change = (tools: Parameters<typeof server.setTools>[0]) =>
    Effect.andThen(
      Effect.promise(() => server.setTools(tools)),
      turns,
    )
  const lists = () => methods(server.messages, "tools/list")
  return Effect.gen(function* () {
    const { ids, names } = yield* register
    const before = yield* ids
    yield* TestClock.adjust("1 second")
    if (era === "modern") {
      yield* until(Effect.sync(() => methods(server.messages, "subscriptions/listen") === 1))
      yield* turns
    }
    expect(lists()).toBe(1)
    yield* change([image])
    yield* TestClock.adjust("400 millis")
    yield* change([add, image])
    yield* TestClock.adjust("499 millis")
    yield* turns
    expect(lists()).toBe(1)
    yield* TestClock.adjust("1 millis")
    yield* until(Effect.map(names, (all) => all.join() === "add,image"))
    expect(lists()).toBe(2)
    expect(yield* ids).toMatchObject({ add: before["add"] })

    // Soon after it, the next one waits.
    yield* change([echo])
    yield* TestClock.adjust("4 seconds")
    yield* turns
    expect(lists()).toBe(2)
    yield* TestClock.adjust("1 second")
    yield* until(Effect.map(names, (all) => all.join() === "echo"))
    expect(lists()).toBe(3)
  }).pipe(Effect.provide(serve(server.connect)))
})

const changed = { method: "notifications/tools/list_changed" }

it.effect("a server that says so whenever they are listed, and all the time, is listed less and less", () => {
  let lists = 0
  const server = rawServer(
    "legacy",
    ({ reply }) => reply(textOf("done")),
    async ({ send }) => {
      lists += 1
      send(changed)
    },
  )
  return Effect.gen(function* () {
    const runner = yield* ToolRunner
    const { id, ids } = yield* register
    const toolId = (yield* ids)["ask"] ?? ""
    for (let second = 0; second < 600; second += 1) {
      for (let again = 0; again < 10; again += 1) server.send(changed)
      // So that its session stays.
      if (second % 30 === 0) yield* runner.run(alice, id, toolId, {})
      yield* turns
      yield* TestClock.adjust("1 second")
    }
    expect(lists).toBeGreaterThan(5)
    expect(lists).toBeLessThan(12)
  }).pipe(Effect.provide(serve(server.connect)))
})

it.effect("a listing that fails leaves them as they are, and the session to its runs", () => {
  let lists = 0
  let connections = 0
  const givenUp = Promise.withResolvers<void>()
  const server = rawServer(
    "legacy",
    ({ reply }) => reply(textOf("done")),
    async ({ send }) => {
      lists += 1
      if (lists === 1) return
      // Nobody has asked for this listing, so nobody is asked a question; and it is never answered.
      send({ id: "q", ...elicitation("Who are you?") })
      await new Promise(() => {})
    },
  )
  const connect = () => {
    connections += 1
    const transport = server.connect()
    const send = transport.send.bind(transport)
    transport.send = async (message, options) => {
      if ("method" in message && message.method === "notifications/cancelled") givenUp.resolve()
      return send(message, options)
    }
    return transport
  }
  const asked: Array<unknown> = []
  const features = Layer.succeed(ClientFeatures, {
    elicit: (request) => {
      asked.push(request)
      return Effect.succeed({ action: "decline" })
    },
    sample: undefined,
  })
  return Effect.gen(function* () {
    const runner = yield* ToolRunner
    const { id, ids, liveSessions, names } = yield* register
    const toolId = (yield* ids)["ask"] ?? ""
    server.send(changed)
    yield* turns
    yield* TestClock.adjust("500 millis")
    yield* until(Effect.sync(() => lists === 2 && server.answers.length === 1))
    expect(server.answers).toMatchObject([{ id: "q", result: { action: "decline" } }])
    expect(asked).toStrictEqual([])
    yield* Effect.promise(() => givenUp.promise)
    yield* turns
    expect(yield* runner.run(alice, id, toolId, {})).toMatchObject({ status: "success" })
    expect(connections).toBe(1)
    expect(yield* names).toStrictEqual(["ask"])
    // It does not keep the session either.
    yield* TestClock.adjust("61 seconds")
    yield* until(Effect.map(liveSessions, (live) => live === 0))
  }).pipe(
    Effect.provide(
      layerMemory({ [url]: connect }, { limits: { listTimeoutMs: 200 } }).pipe(Layer.provide(features)),
    ),
  )
})

it.effect("hearing of them keeps no session", () => {
  const server = inProcessServer({ era: "modern" })
  return Effect.gen(function* () {
    const { liveSessions } = yield* register
    yield* TestClock.adjust("1 second")
    yield* until(Effect.sync(() => methods(server.messages, "subscriptions/listen") === 1))
    yield* TestClock.adjust("60 seconds")
    yield* until(Effect.map(liveSessions, (live) => live === 0))
    yield* until(Effect.sync(() => server.connectionCount === 0))
  }).pipe(Effect.provide(serve(server.connect)))
})

it.effect("they are not written where they are the same", () => {
  const server = inProcessServer({ era: "legacy", tools: [echo, add] })
  return Effect.gen(function* () {
    const servers = yield* McpServers
    const catalog = yield* ToolCatalog
    const { id } = yield* register
    const record = yield* servers.get(alice, id)
    const listed = (yield* catalog.list(alice, id)).map(({ definition }) => definition)
    const nothing = { added: [], updated: [], deleted: [] }
    // Of a config that is no more: writing them would fail.
    const outdated = { ...record, revision: record.revision - 1 }
    expect(yield* catalog.replace(outdated, "bob", listed)).toStrictEqual(nothing)
    expect(yield* Effect.flip(catalog.replace(outdated, "bob", []))).toMatchObject({
      _tag: "McpServerChanged",
    })
    expect(yield* catalog.replace(record, "bob", listed.slice(1))).toMatchObject({ deleted: ["echo"] })
  }).pipe(Effect.provide(serve(server.connect)))
})
