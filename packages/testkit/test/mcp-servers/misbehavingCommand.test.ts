import { once } from "node:events"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import { describe, expect, it, vi } from "vitest"
import { isProcessRunning } from "../../src/mcp-servers/isProcessRunning.ts"
import { misbehavingCommand, misbehavingCommandKinds } from "../../src/mcp-servers/misbehavingCommand.ts"
import { connectedClient } from "./connectedClient.ts"
import { untilDead, watch } from "./processes.ts"

const initialize = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "testkit", version: "1.0.0" },
}

const initialized = { result: { protocolVersion: "2025-11-25", capabilities: { tools: {} } } }

const pong = { result: { content: [{ type: "text", text: "pong" }] } }

const pidFile = async () => {
  const directory = await mkdtemp(join(tmpdir(), "testkit-"))
  const path = join(directory, "pid")
  return {
    path,
    pid: async () => Number(await readFile(path, "utf8")),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  }
}

describe("misbehavingCommand", () => {
  it("missing_command cannot be started", async () => {
    await using server = watch(misbehavingCommand("missing_command"))
    // Without a process, writes fail too.
    server.child.stdin.on("error", () => {})
    const [error] = await once(server.child, "error")
    expect(error).toMatchObject({ code: "ENOENT" })
  })

  it("exits_at_once leaves a line on stderr and the code 3", async () => {
    await using server = watch(misbehavingCommand("exits_at_once"))
    const stderr = text(server.child.stderr)
    const [code] = await once(server.child, "exit")
    expect(code).toBe(3)
    expect(await stderr).toBe("The server cannot start: no configuration found\n")
  })

  it("garbage_before_json_rpc works after its garbage", async () => {
    await using server = watch(misbehavingCommand("garbage_before_json_rpc"))
    server.request(1, "initialize", initialize)
    expect(await server.answer(1)).toMatchObject(initialized)
    expect(server.lines.length).toBeGreaterThan(4)
    expect(server.lines.filter(isJsonRpc)).toHaveLength(1)
  })

  it("garbage_for_json_rpc has no answer but garbage", async () => {
    await using server = watch(misbehavingCommand("garbage_for_json_rpc"))
    server.request(1, "initialize", initialize)
    await vi.waitFor(() => expect(server.lines.length).toBeGreaterThan(4), { timeout: 10_000 })
    expect(server.lines.filter(isJsonRpc)).toEqual([])
  })

  it("never_answers reads and stays silent", async () => {
    await using file = await pidFile()
    await using server = watch(misbehavingCommand("never_answers", { pidFile: file.path }))
    await vi.waitFor(async () => expect(await file.pid()).toBe(server.child.pid), { timeout: 10_000 })
    // More than a pipe holds: it is only written when the process reads.
    const written = Promise.withResolvers<void>()
    server.child.stdin.write("\n".repeat(2 ** 20), () => written.resolve())
    await written.promise
    server.request(1, "initialize", initialize)
    server.child.stdin.end()
    const [code] = await once(server.child, "exit")
    expect(code).toBe(0)
    expect(server.lines).toEqual([])
  })

  it.skipIf(process.platform === "win32")(
    "ignores_termination outlives signals and the end of stdin",
    async () => {
      await using file = await pidFile()
      await using server = watch(misbehavingCommand("ignores_termination", { pidFile: file.path }))
      server.request(1, "initialize", initialize)
      await server.answer(1)
      expect(await file.pid()).toBe(server.child.pid)
      for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) server.child.kill(signal)
      // Its answer is the proof that the signals were delivered, and that it is still there.
      server.request(2, "tools/call", { name: "ping" })
      expect(await server.answer(2)).toMatchObject(pong)
      server.child.stdin.end()
      await once(server.child.stdin, "close")
      expect(isProcessRunning(server.child.pid ?? 0)).toBe(true)
      server.child.kill("SIGKILL")
      await untilDead(server.child.pid)
    },
  )

  it("leaves_grandchild leaves a process behind, which holds its pipes", async () => {
    await using file = await pidFile()
    await using server = watch(misbehavingCommand("leaves_grandchild", { pidFile: file.path }))
    server.request(1, "initialize", initialize)
    expect(await server.answer(1)).toMatchObject(initialized)
    const grandchild = await file.pid()
    expect(grandchild).not.toBe(server.child.pid)
    const closed = once(server.child, "close")
    server.child.stdin.end()
    const [code] = await once(server.child, "exit")
    expect(code).toBe(0)
    expect(isProcessRunning(grandchild)).toBe(true)
    process.kill(grandchild, "SIGKILL")
    await closed
    await untilDead(grandchild)
  })

  it("crashes_in_tool_call ends with a stack on stderr", async () => {
    await using server = watch(misbehavingCommand("crashes_in_tool_call"))
    const stderr = text(server.child.stderr)
    server.request(1, "initialize", initialize)
    await server.answer(1)
    server.request(2, "tools/call", { name: "ping" })
    const [code] = await once(server.child, "exit")
    expect(code).toBe(1)
    expect(await stderr).toContain("The server crashed in a tool call")
  })

  it("floods_stderr answers once its stderr is read, and floods on", async () => {
    await using server = watch(misbehavingCommand("floods_stderr"))
    server.request(1, "initialize", initialize)
    let bytes = 0
    server.child.stderr.on("data", (chunk: Buffer) => {
      bytes += chunk.length
    })
    expect(await server.answer(1)).toMatchObject(initialized)
    await vi.waitFor(() => expect(bytes).toBeGreaterThan(2 ** 21), { timeout: 10_000 })
  })

  it("answers_slowly answers after its delay", async () => {
    await using server = watch(misbehavingCommand("answers_slowly", { delayMs: 300 }))
    const start = performance.now()
    server.request(1, "initialize", initialize)
    expect(await server.answer(1)).toMatchObject(initialized)
    expect(performance.now() - start).toBeGreaterThan(295)
  })

  const connectable = misbehavingCommandKinds.filter(
    (kind) =>
      !["missing_command", "exits_at_once", "garbage_for_json_rpc", "never_answers"].includes(kind) &&
      // The client's own close leaves these alive.
      !["ignores_termination", "leaves_grandchild"].includes(kind),
  )

  it.each(connectable)("%s is an MCP server to the client", async (kind) => {
    const transport = new StdioClientTransport({
      ...misbehavingCommand(kind, { delayMs: 1 }),
      stderr: "ignore",
    })
    await using client = await connectedClient(transport, "legacy")
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["ping"])
  })
})

async function text(stream: AsyncIterable<unknown>): Promise<string> {
  let all = ""
  for await (const chunk of stream) all += String(chunk)
  return all
}

function isJsonRpc(line: string): boolean {
  return line.includes('"result"')
}
