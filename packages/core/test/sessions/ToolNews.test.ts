import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import type { McpServer } from "../../src/servers/McpServer.ts"
import { makeMcpServerId } from "../../src/servers/McpServer.ts"
import type { McpSession } from "../../src/sessions/McpSession.ts"
import { SessionKey, type SessionWish } from "../../src/sessions/SessionKey.ts"
import { makeToolNews } from "../../src/sessions/ToolNews.ts"
import * as DateTime from "effect/DateTime"

const server: McpServer = {
  id: makeMcpServerId(),
  organizationId: "acme",
  name: "server",
  config: { type: "stdio", command: "server", args: [], env: null },
  revision: 1,
  createdBy: "alice",
  updatedBy: "alice",
  createdAt: DateTime.makeUnsafe(0),
  updatedAt: DateTime.makeUnsafe(0),
}

const keyOf = (userId: string, wish: SessionWish = {}) =>
  new SessionKey(
    server,
    { organizationId: "acme", userId, variables: {} },
    { config: server.config, variables: "", credentialId: userId, authorization: undefined },
    "",
    wish,
  )

const session = (hearOfTools: McpSession["hearOfTools"]): McpSession => ({
  listTools: Effect.succeed([]),
  listToolsAside: Effect.succeed([]),
  hearOfTools,
  callTool: () => Effect.never,
  isOpen: () => true,
  era: "modern",
})

/** Sessions that tell who hears, for as long as it does. */
const hearers = () => {
  const hearing: Array<string> = []
  const hear = (name: string) =>
    session(
      Effect.acquireUseRelease(
        Effect.sync(() => hearing.push(name)),
        () => Effect.never,
        () => Effect.sync(() => hearing.splice(hearing.indexOf(name), 1)),
      ),
    )
  return { hear, hearing }
}

it.effect("of several sessions to one server a single one hears, and then the next", () => {
  const { hear, hearing } = hearers()
  return Effect.gen(function* () {
    const news = yield* makeToolNews
    const scopes = new Map<string, Scope.Closeable>()
    for (const name of ["alice", "bob", "carol"]) {
      const scope = yield* Scope.make()
      scopes.set(name, scope)
      yield* Scope.provide(news.hear(keyOf(name), hear(name)), scope)
    }
    const close = (name: string) => Scope.close(scopes.get(name) ?? Scope.makeUnsafe(), Exit.void)
    // Not yet: many sessions live for a moment only.
    expect(hearing).toStrictEqual([])
    yield* TestClock.adjust("1 second")
    expect(hearing).toStrictEqual(["alice"])
    yield* close("bob")
    yield* close("alice")
    yield* TestClock.adjust("0 millis")
    expect(hearing).toStrictEqual(["carol"])
    yield* close("carol")
    yield* TestClock.adjust("0 millis")
    expect(hearing).toStrictEqual([])
  })
})

it.effect("a server that refuses is asked less and less", () => {
  let asked = 0
  const refused = session(Effect.sync(() => void (asked += 1)))
  return Effect.gen(function* () {
    const news = yield* makeToolNews
    for (const name of ["alice", "bob"]) yield* news.hear(keyOf(name), refused)
    yield* TestClock.adjust("1 minute")
    expect(asked).toBe(3)
    yield* TestClock.adjust("1 hour")
    expect(asked).toBeGreaterThan(12)
    expect(asked).toBeLessThan(20)
  })
})

it.effect("a server that is not registered is neither asked nor heard", () => {
  const { hear, hearing } = hearers()
  return Effect.gen(function* () {
    const news = yield* makeToolNews
    const heard: Array<string> = []
    yield* news.listen(({ userId }) => heard.push(userId))
    const unregistered = keyOf("alice", { isRegistered: false })
    yield* news.hear(unregistered, hear("alice"))
    yield* TestClock.adjust("1 hour")
    expect(hearing).toStrictEqual([])
    news.tell(unregistered, hear("alice"))
    news.tell(keyOf("bob"), hear("bob"))
    expect(heard).toStrictEqual(["bob"])
  })
})
