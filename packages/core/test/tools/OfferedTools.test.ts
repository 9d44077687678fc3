import { expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"
import {
  type McpServer,
  McpToolNotFound,
  Options,
  type OfferedTool,
  SignalHub,
  StoreError,
  ToolStore,
} from "../../src/index.ts"
import { makeMcpServerId } from "../../src/servers/McpServer.ts"
import { makeMcpToolId } from "../../src/tools/McpTool.ts"
import { OfferedTools } from "../../src/tools/OfferedTools.ts"

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
const offered: OfferedTool = {
  server,
  tool: {
    id: makeMcpToolId(),
    serverId: server.id,
    definition: { name: "tool" },
    fingerprint: "",
    needsApproval: false,
    schemaHealth: { status: "INVALID", warnings: [] },
    createdBy: "alice",
    updatedBy: "alice",
  },
}

/** Tools over a store that counts how often it is asked, and answers as `read` says. */
const setUp = Effect.fnUntraced(function* (
  read: Effect.Effect<OfferedTool, McpToolNotFound | StoreError> = Effect.succeed(offered),
) {
  let reads = 0
  const store = Layer.mock(ToolStore, {
    get: () => Effect.suspend(() => (++reads, read)),
  })
  const layer = OfferedTools.layer.pipe(
    Layer.provide(SignalHub.layerSignals),
    Layer.provideMerge(SignalHub.layer("resumed")),
    Layer.provide([store, Options.layer()]),
  )
  const context = yield* Layer.build(layer)
  const get = OfferedTools.use((tools) => tools.get("acme", server.id, offered.tool.id)).pipe(
    Effect.provideContext(context),
  )
  const signal = (...[signal]: Parameters<SignalHub["Service"]["publish"]>) =>
    SignalHub.use(({ publish }) => publish(signal)).pipe(Effect.provideContext(context))
  return { get, signal, reads: () => reads }
})

it.effect("asks the store once", () =>
  Effect.gen(function* () {
    const { get, reads } = yield* setUp()
    for (let run = 0; run < 10; run++) expect(yield* get).toBe(offered)
    expect(reads()).toBe(1)
  }),
)

it.effect.each(["server_changed", "server_removed", "tools_changed"] as const)(
  "asks again after %s, and not after what happened to another server",
  (type) =>
    Effect.gen(function* () {
      const { get, reads, signal } = yield* setUp()
      yield* get
      yield* signal({ type, serverId: makeMcpServerId(), revision: 2 })
      yield* get
      expect(reads()).toBe(1)
      yield* signal({ type, serverId: server.id, revision: 2 })
      yield* get
      yield* get
      expect(reads()).toBe(2)
    }),
)

it.effect("remembers nothing while changes go unnoticed", () =>
  Effect.gen(function* () {
    const { get, reads, signal } = yield* setUp()
    yield* get
    yield* signal({ type: "interrupted" })
    yield* get
    yield* get
    expect(reads()).toBe(3)
    yield* signal({ type: "resumed" })
    yield* get
    yield* get
    expect(reads()).toBe(4)
  }),
)

it.effect("does not keep what was read before a change that came in between", () =>
  Effect.gen(function* () {
    const answer = yield* Deferred.make<OfferedTool>()
    const { get, reads, signal } = yield* setUp(Deferred.await(answer))
    const reader = yield* Effect.forkChild(get, { startImmediately: true })
    expect(reads()).toBe(1)
    yield* signal({ type: "tools_changed", serverId: server.id })
    yield* Deferred.succeed(answer, offered)
    yield* Fiber.join(reader)
    yield* get
    expect(reads()).toBe(2)
  }),
)

it.effect("keeps no failure", () =>
  Effect.gen(function* () {
    for (const failure of [
      new McpToolNotFound({ id: "tool" }),
      new StoreError({ operation: "ToolStore.get", cause: "down" }),
    ]) {
      const { get, reads } = yield* setUp(Effect.fail(failure))
      expect(yield* Effect.flip(get)).toBe(failure)
      expect(yield* Effect.flip(get)).toBe(failure)
      expect(reads()).toBe(2)
    }
  }),
)

it.effect("asks again after a while, even if nobody told of a change", () =>
  Effect.gen(function* () {
    const { get, reads } = yield* setUp()
    yield* get
    yield* TestClock.adjust("59 seconds")
    yield* get
    expect(reads()).toBe(1)
    yield* TestClock.adjust("2 seconds")
    yield* get
    expect(reads()).toBe(2)
  }),
)
