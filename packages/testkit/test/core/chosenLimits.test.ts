import { Transports } from "@mooring/core"
import { expect, test } from "vitest"
import { askTool, inProcessServer, legacyServer, stdioServer } from "../../src/index.ts"
import { askingHost, elicitation, memoryUrl, remote } from "./askingHost.ts"
import { sessionHost, userOf } from "./sessionHost.ts"
import { event, talkingServer } from "./talkingServer.ts"

// Limits that a host has set to less than what is usual.

test("a server may send ten seconds' worth of messages at once, and is hung up on when it sends more", async () => {
  const { say, upstream } = await talkingServer()
  await using _ = upstream
  await using host = sessionHost({ limits: { serverMessagesPerSecond: 10 } })
  const server = await host.register("alice", upstream.url)
  const messages = (count: number) =>
    say(event({ method: "notifications/message", params: { level: "info", data: "again" } }).repeat(count))
  await messages(80)
  expect(await server.run("count")).toMatchObject({ status: "success" })
  expect(await server.health()).toMatchObject({ liveSessions: 1 })
  await messages(200)
  await expect.poll(async () => (await server.health()).liveSessions).toBe(0)
})

test("a message of a command's that is longer than allowed ends the session, not the server", async () => {
  await using host = sessionHost({ limits: { stdioMessageBytes: 64 * 1024 } })
  const server = await host.register("alice", { type: "stdio", env: null, ...stdioServer() })
  expect(await server.run("echo", { text: "x".repeat(1_000) })).toMatchObject({ status: "success" })
  expect(await server.run("echo", { text: "x".repeat(100_000) })).toMatchObject({ status: "error" })
  expect(await server.run("echo", { text: "again" })).toMatchObject({ status: "success" })
})

test("of a command's standard error as many bytes are told as the host wants, its last", async () => {
  await using host = sessionHost({ limits: { stderrBytes: 12 } })
  const alice = userOf("alice")
  const { id } = await host.mooring.servers.create(alice, {
    name: "failing",
    config: {
      type: "stdio",
      command: "sh",
      args: ["-c", "printf 'early words, last words' >&2; exit 3"],
      env: null,
    },
  })
  const error: unknown = await host.mooring.tools.refresh(alice, id).catch((cause: unknown) => cause)
  expect(error).toMatchObject({ message: expect.stringContaining("last words") })
  expect(error).not.toMatchObject({ message: expect.stringContaining("early") })
})

test("what a server asks for is not shown to anybody when it is larger than allowed", async () => {
  const asked: Array<string> = []
  await using host = await askingHost(remote(memoryUrl), {
    transports: Transports.layerMemory({
      [memoryUrl]: inProcessServer({ era: "legacy", tools: [askTool] }).connect,
    }),
    limits: { serverRequestBytes: 1_000 },
    onElicit: async ({ message }) => {
      asked.push(message)
      return { action: "accept", content: { color: "blue" } }
    },
  })
  await expect(host.ask([elicitation("short"), elicitation("x".repeat(1_000))])).rejects.toThrow("too large")
  expect(asked).toEqual(["short"])
})

test("of what was done to a server as much is recorded as the host wants, the newest", async () => {
  await using host = sessionHost({ limits: { auditRecords: 3 }, audit: "acts" })
  await using upstream = await legacyServer()
  const alice = userOf("alice")
  const { id } = await host.register("alice", upstream.url)
  for (const name of ["one", "two", "three", "four", "five"])
    await host.mooring.servers.update(alice, id, { name })
  const records = await host.mooring.servers.audit(alice, id)
  expect(records).toHaveLength(3)
  expect(records.map(({ act }) => act.action)).toEqual(["changed", "changed", "changed"])
})
