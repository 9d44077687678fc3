import { Transports } from "@mooring/core"
import { expect, test } from "vitest"
import { rawServer } from "./rawServer.ts"
import { sessionHost, userOf } from "./sessionHost.ts"

// How many connects a user follows at once.

const url = "https://slow.test/mcp"

/** An application with a server that lists its tools when it is let go. */
const start = (connectsPerActor: number) => {
  let waiting: Array<() => void> = []
  const hold = () => new Promise<void>((resolve) => void waiting.push(resolve))
  const upstream = rawServer("legacy", () => {}, hold)
  const host = sessionHost({
    transports: Transports.layerMemory({ [url]: upstream.connect }),
    limits: { connectsPerActor, createWaitMs: 1 },
  })
  const letGo = () => {
    for (const go of waiting) go()
    waiting = []
  }
  return {
    ...host,
    letGo,
    /** Resolves when the attempt has a place, and gives what is left of its events. */
    follow: async (user: string, serverId: string) => {
      const events = host.mooring.connect(userOf(user), serverId)[Symbol.asyncIterator]()
      expect((await events.next()).value).toMatchObject({ event: "connection_attempt" })
      const last = events.next()
      return { last, leave: () => events.return?.() }
    },
    [Symbol.asyncDispose]: async () => {
      letGo()
      await host.mooring.close()
    },
  }
}

const tooMany = { status: 429, body: { error: { type: "too_many_connects" } } }
const flat = { server_name: "flat", server_url: url, type: "streamable_http" }

test("one too many is 429 with retry-after and the option's name, by every way to connect; nobody else is told no", async () => {
  await using host = start(2)
  const { id } = await host.register("alice", url)
  const first = await host.follow("alice", id)
  const second = await host.follow("alice", id)
  const path = `/v1/mcp-servers/connect/${id}`
  await expect.poll(() => host.request("alice", "GET", path)).toMatchObject(tooMany)
  const refused = await host.request("alice", "GET", path)
  expect(refused.headers.get("retry-after")).toBe("1")
  expect(refused.body).toMatchObject({ message: expect.stringContaining("limits.connectsPerActor") })
  for (const way of ["connect", "test"]) {
    expect(await host.request("alice", "POST", `/v1/tools/mcp/servers/${way}`, flat)).toMatchObject(tooMany)
  }
  await expect(
    host.mooring.connect(userOf("alice"), id)[Symbol.asyncIterator]().next(),
  ).rejects.toMatchObject({ _tag: "TooManyConnects", max: 2 })
  const others = await host.follow("bob", id)
  host.letGo()
  for (const { last } of [first, second, others]) {
    expect((await last).value).toMatchObject({ event: "success" })
  }
})

test("a place is free again when its attempt has ended, and when nobody follows it any more", async () => {
  await using host = start(1)
  const { id } = await host.register("alice", url)
  for (const _ of [1, 2, 3]) {
    const ended = await host.follow("alice", id)
    host.letGo()
    expect((await ended.last).value).toMatchObject({ event: "success" })
    const left = await host.follow("alice", id)
    await left.leave()
  }
  // A stream that nobody has begun to read takes no place.
  for (const _ of [1, 2, 3]) host.mooring.connect(userOf("alice"), id)
  const last = await host.follow("alice", id)
  host.letGo()
  expect((await last.last).value).toMatchObject({ event: "success" })
})

test("of many at once as many go on as may, and the others are refused one way or the other", async () => {
  await using host = start(3)
  const { id } = await host.register("alice", url)
  const ends = Array.from({ length: 20 }, async () => {
    const events = []
    try {
      for await (const event of host.mooring.connect(userOf("alice"), id)) events.push(event)
    } catch (error) {
      return error
    }
    return events.at(-1)
  })
  await expect.poll(async () => (await host.request("bob", "GET", "/v1/mcp-servers/")).status).toBe(200)
  const settled: Array<unknown> = []
  for (const end of ends) void end.then((value) => settled.push(value))
  await expect.poll(() => settled.length).toBe(17)
  for (const end of settled) {
    expect(
      typeof end === "object" && end !== null && ("code" in end ? end.code : "_tag" in end && end._tag),
    ).toMatch(/^(too_many_connects|TooManyConnects)$/)
  }
  host.letGo()
  await expect.poll(() => settled.length).toBe(20)
  expect(settled.slice(17)).toMatchObject([1, 2, 3].map(() => ({ event: "success" })))
})
