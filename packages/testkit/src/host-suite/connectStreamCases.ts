import { existsSync } from "node:fs"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { OptionsInput } from "@mooring/core"
import { expect, test } from "vitest"
import { isProcessRunning } from "../mcp-servers/isProcessRunning.ts"
import { legacyServer } from "../mcp-servers/legacyServer.ts"
import { misbehavingCommand } from "../mcp-servers/misbehavingCommand.ts"
import { stdioServer } from "../mcp-servers/stdioServer.ts"
import { textResult } from "../mcp-servers/TestTool.ts"
import { connectClients } from "./connectClients.ts"
import { register } from "./register.ts"
import type { SuiteHost } from "./SuiteHost.ts"
import { uniqueName } from "./uniqueName.ts"

const path = "/v1/tools/mcp/servers/connect"

/** The event stream as bytes and as a connection: its frames, and what happens when one end goes away. */
export const connectStreamCases = (
  host: () => SuiteHost,
  start: (options: OptionsInput) => Promise<SuiteHost>,
): void => {
  test("each event is one line of data in ASCII; nothing on the way may hold it back", async () => {
    const description = "Größe 大きさ 👩‍👩‍👧‍👦 \u0085\u2028\ufeff[DONE] \r\n\r\nevent: error\ndata: {}"
    await using upstream = await legacyServer({
      tools: [{ name: "größe", description, inputSchema: {}, handle: () => textResult("") }],
    })
    const server_name = uniqueName("Größe 大 🎉")
    const server = await register(host(), { server_url: upstream.url })
    for (const answer of [
      await host().request("POST", path, { body: { server_name, server_url: upstream.url } }),
      await host().request("GET", `/v1/mcp-servers/connect/${server.id}`),
    ]) {
      expect(answer.status).toBe(200)
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "content-type": "text/event-stream",
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
      })
      const frames = String(answer.body).split("\n\n")
      expect(frames.pop()).toBe("")
      for (const frame of frames) expect(frame).toMatch(/^data: \{[\x20-\x7e]+\}$/)
      // The older client ends where it reads that.
      expect(answer.body).not.toContain("[DONE]")
      expect(frames.map((frame): unknown => JSON.parse(frame.slice("data: ".length)))).toStrictEqual([
        { event: "connection_attempt", server_name: expect.toBeOneOf([server_name, server.name]) },
        { event: "success", tools: [{ name: "größe", description, inputSchema: expect.anything() }] },
      ])
    }
  })

  test("the attempt is told at once, before the server has answered", async () => {
    const { promise: answered, resolve: answer } = Promise.withResolvers<undefined>()
    await using upstream = await legacyServer({ intercept: () => answered })
    const stream = await connectClients["1.12.1"](host(), {
      server_name: "slow",
      server_url: upstream.url,
    })
    const events = stream[Symbol.asyncIterator]()
    expect((await events.next()).value).toMatchObject({ event: "connection_attempt" })
    answer(undefined)
    expect((await events.next()).value).toMatchObject({ event: "success" })
    expect(await events.next()).toMatchObject({ done: true })
  })

  for (const [version, connect] of Object.entries(connectClients)) {
    test(`client ${version} goes away: the command that it waits for is ended at once`, async () => {
      const directory = await mkdtemp(join(tmpdir(), "mooring-"))
      try {
        const pidFile = join(directory, "pid")
        const { args, command } = misbehavingCommand("never_answers", { pidFile })
        const stream = await connect(host(), { server_name: "left", command, args })
        for await (const event of stream) {
          expect(event).toMatchObject({ event: "connection_attempt" })
          await expect.poll(() => existsSync(pidFile), { timeout: 5_000 }).toBe(true)
          break
        }
        const pid = Number(await readFile(pidFile, "utf8"))
        // The limit of connecting is 30 s.
        await expect.poll(() => isProcessRunning(pid), { timeout: 5_000 }).toBe(false)
      } finally {
        await rm(directory, { recursive: true })
      }
    })

    test(`client ${version} goes away: the session that lists tools is ended at once`, async () => {
      const asked = Promise.withResolvers<void>()
      await using upstream = await legacyServer({
        intercept: async (request) => {
          if (!(await request.clone().text()).includes("tools/list")) return undefined
          asked.resolve()
          return new Promise<never>(() => {})
        },
      })
      const stream = await connect(host(), { server_name: "left", server_url: upstream.url })
      for await (const event of stream) {
        expect(event).toMatchObject({ event: "connection_attempt" })
        await asked.promise
        expect(upstream.sessionCount).toBe(1)
        break
      }
      await expect.poll(() => upstream.sessionCount, { timeout: 5_000 }).toBe(0)
    })
  }

  test("a command that was connected to ends with the attempt", async () => {
    const directory = await mkdtemp(join(tmpdir(), "mooring-"))
    try {
      const pidFile = join(directory, "pid")
      const { args, command } = misbehavingCommand("answers_slowly", { pidFile, delayMs: 1 })
      const { body } = await host().request("POST", path, { body: { server_name: "x", command, args } })
      expect(body).toContain('"event":"success"')
      const pid = Number(await readFile(pidFile, "utf8"))
      await expect.poll(() => isProcessRunning(pid), { timeout: 5_000 }).toBe(false)
    } finally {
      await rm(directory, { recursive: true })
    }
  })

  test("a stored server's session outlives the connect, for the runs that follow", async () => {
    const server = await register(host(), { mcp_server_type: "stdio", ...stdioServer() })
    const before = await server.run("pid")
    expect((await host().request("GET", `/v1/mcp-servers/connect/${server.id}`)).body).toContain("success")
    expect(await server.run("pid")).toMatchObject({ status: "success", func_return: before.func_return })
  })

  test("closing ends the streams and what they wait for", async () => {
    const directory = await mkdtemp(join(tmpdir(), "mooring-"))
    const closing = await start({})
    try {
      const pidFile = join(directory, "pid")
      const { args, command } = misbehavingCommand("never_answers", { pidFile })
      const attempt = closing.request("POST", path, { body: { server_name: "x", command, args } })
      await expect.poll(() => existsSync(pidFile), { timeout: 5_000 }).toBe(true)
      const pid = Number(await readFile(pidFile, "utf8"))
      await closing.mooring.close()
      expect(isProcessRunning(pid)).toBe(false)
      // However it ends: it does end, and never in success.
      const end = await attempt.then(
        ({ body }) => String(body),
        () => "cut",
      )
      expect(end).not.toContain("success")
    } finally {
      await closing.close()
      await rm(directory, { recursive: true })
    }
  })
}
