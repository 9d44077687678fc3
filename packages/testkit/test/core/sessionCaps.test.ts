import { Transports } from "@mooring/core"
import { expect, test } from "vitest"
import { defaultTools, inProcessServer, textResult } from "../../src/index.ts"
import { sessionHost, userOf } from "./sessionHost.ts"

// As many live sessions as the host allows, shared out fairly.

const urlOf = (index: number) => `https://server-${index}.test/mcp`

/** An application with servers whose tool `hold` runs until it is let go. */
const start = (limits: object) => {
  const gate = Promise.withResolvers<void>()
  const hold = {
    name: "hold",
    inputSchema: { type: "object", properties: {} },
    handle: () => gate.promise.then(() => textResult("let go")),
  }
  const upstream = inProcessServer({ tools: [...defaultTools(), hold] })
  const servers = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [urlOf(index), upstream.connect]),
  )
  const host = sessionHost({ transports: Transports.layerMemory(servers), limits })
  type Registered = Awaited<ReturnType<typeof host.register>>
  return {
    ...host,
    upstream,
    letGo: gate.resolve,
    /** One after the other, so that those which are listed make room for the next. */
    registerAll: async (user: string, count: number) => {
      const registered: Array<Registered> = []
      for (let index = 0; index < count; index += 1) {
        registered.push(await host.register(user, urlOf(index)))
      }
      return registered
    },
    /** Resolves when the tools run; the answers come when they are let go. */
    hold: async (held: ReadonlyArray<Registered>, user?: string) => {
      const before = upstream.calls.length
      const actor = user === undefined ? undefined : userOf(user)
      const answers = held.map((server) => server.run("hold", {}, actor))
      await expect.poll(() => upstream.calls.length).toBe(before + held.length)
      return answers
    },
    [Symbol.asyncDispose]: async () => {
      gate.resolve()
      await host.mooring.close()
      await upstream.close()
    },
  }
}

test("of a user's sessions the one that has been idle for longest makes room, and is opened again when it is asked for", async () => {
  await using host = start({ sessionsPerActor: 2 })
  const first = await host.register("alice", urlOf(0))
  const second = await host.register("alice", urlOf(1))
  await first.run("count")
  await host.register("alice", urlOf(2))
  expect(host.upstream.connectionCount).toBe(2)
  expect([(await first.health()).liveSessions, (await second.health()).liveSessions]).toStrictEqual([1, 0])
  expect(await second.run("count")).toMatchObject({ status: "success" })
  expect(host.upstream.connectionCount).toBe(2)
})

test("where all of a user's are in use, one more is 429 and says which limit; nobody else is told no", async () => {
  await using host = start({ sessionsPerActor: 2 })
  const [one, two, three] = await host.registerAll("alice", 3)
  if (one === undefined || two === undefined || three === undefined) throw new Error("Not registered")
  const answers = await host.hold([one, two])
  const refused = await three.runByRest("count")
  expect(refused).toMatchObject({
    status: 429,
    body: {
      error: { type: "too_many_sessions" },
      message: expect.stringContaining("limits.sessionsPerActor"),
    },
  })
  expect(refused.headers.get("retry-after")).toBe("1")
  // A config that is not registered counts alike.
  const unregistered = await host.request("alice", "POST", "/v1/tools/mcp/servers/test", {
    server_name: "unregistered",
    server_url: urlOf(4),
  })
  expect(unregistered).toMatchObject({ status: 429, body: { error: { type: "too_many_sessions" } } })
  expect(await three.runByRest("count", "bob")).toMatchObject({ status: 200, body: { status: "success" } })
  expect(await one.health()).toMatchObject({ status: "healthy", consecutiveFailures: 0 })

  host.letGo()
  expect(await Promise.all(answers)).toMatchObject([{ text: "let go" }, { text: "let go" }])
  expect(await three.run("count")).toMatchObject({ status: "success" })
})

test("a run waits a moment for room", async () => {
  await using host = start({ sessionsPerActor: 1 })
  const [one, two] = await host.registerAll("alice", 2)
  if (one === undefined || two === undefined) throw new Error("Not registered")
  const answers = await host.hold([one])
  const waiting = two.run("count")
  host.letGo()
  expect(await waiting).toMatchObject({ status: "success" })
  await Promise.all(answers)
})

test("where all places are taken, whoever has the most gives up an idle one, and with none idle it is 429", async () => {
  await using host = start({ sessions: 4, sessionsPerActor: 3 })
  const loud = await host.registerAll("loud", 3)
  const quiet = await host.register("quiet", urlOf(10))
  await Promise.all(loud.map((server) => server.run("count")))
  expect((await quiet.health()).liveSessions).toBe(1)
  const other = await host.register("new", urlOf(11))
  expect((await quiet.health()).liveSessions).toBe(1)
  expect(host.upstream.connectionCount).toBe(4)

  const busy = [quiet, other, ...loud.filter((_, index) => index < 2)]
  const answers = await host.hold(busy)
  const last = await host.register("last", urlOf(12))
  const refused = await host.request("last", "PATCH", `/v1/mcp-servers/${last.id}/refresh`)
  expect(refused).toMatchObject({
    status: 429,
    body: { message: expect.stringContaining('"limits.sessions"') },
  })
  host.letGo()
  await Promise.all(answers)
  expect(await host.request("last", "PATCH", `/v1/mcp-servers/${last.id}/refresh`)).toMatchObject({
    status: 200,
  })
})

test("a flood by one user makes nobody else fail, and stays within its limit", async () => {
  await using host = start({ sessions: 20, sessionsPerActor: 5 })
  const flooded = await host.registerAll("mallory", 40)
  const [mine] = await host.registerAll("alice", 1)
  let most = 0
  const flood = Promise.allSettled(
    Array.from({ length: 400 }, (_, index) => flooded[index % 40]?.run("slow", { ms: 5 })),
  )
  for (let index = 0; index < 100; index += 1) {
    expect(await mine?.run("echo", { text: `${index}` })).toMatchObject({ text: `${index}` })
    most = Math.max(most, host.upstream.connectionCount)
  }
  const outcomes = await flood
  expect(most).toBeLessThanOrEqual(6)
  expect(outcomes.some(({ status }) => status === "fulfilled")).toBe(true)
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") {
      expect(outcome.reason).toMatchObject({ _tag: "TooManySessions", limit: "sessionsPerActor", max: 5 })
    }
  }
})
