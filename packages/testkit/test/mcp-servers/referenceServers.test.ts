import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SSEClientTransport, StreamableHTTPClientTransport } from "@modelcontextprotocol/client"
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import { describe, expect, it } from "vitest"
import { everythingServer } from "../../src/mcp-servers/everythingServer.ts"
import { filesystemServer } from "../../src/mcp-servers/filesystemServer.ts"
import { isProcessRunning } from "../../src/mcp-servers/isProcessRunning.ts"
import { memoryServer } from "../../src/mcp-servers/memoryServer.ts"
import { scriptNodeOptions } from "../../src/mcp-servers/scriptCommand.ts"
import { connectedClient } from "./connectedClient.ts"
import { untilDead, watch } from "./processes.ts"

const temporaryDirectory = async () => {
  const path = await mkdtemp(join(tmpdir(), "testkit-"))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

const hello = { content: [{ type: "text", text: "Echo: hello" }] }

describe("everythingServer", () => {
  it.each(["streamable_http", "sse"] as const)("serves over %s and records the requests", async (kind) => {
    await using server = await everythingServer(kind)
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/(mcp|sse)$/)
    const url = new URL(server.url)
    const transport = kind === "sse" ? new SSEClientTransport(url) : new StreamableHTTPClientTransport(url)
    await using client = await connectedClient(transport, "legacy")
    const { tools } = await client.listTools()
    expect(tools.length).toBeGreaterThan(5)
    expect(await client.callTool({ name: "echo", arguments: { message: "hello" } })).toMatchObject(hello)
    expect(server.requests.map(({ rpcMethod }) => rpcMethod)).toContain("tools/call")
  })

  it("serves over stdio", async () => {
    const transport = new StdioClientTransport({ ...everythingServer("stdio"), stderr: "ignore" })
    await using client = await connectedClient(transport, "legacy")
    expect(await client.callTool({ name: "echo", arguments: { message: "hello" } })).toMatchObject(hello)
    const { pid } = transport
    await client.close()
    await untilDead(pid)
  })

  it("closes with a client connected, and twice", async () => {
    const server = await everythingServer("sse")
    await using client = await connectedClient(new SSEClientTransport(new URL(server.url)), "legacy")
    await server.close()
    await server.close()
    await expect(fetch(server.url)).rejects.toThrow()
    await client.close()
  })

  it("ends with a process that is killed", async () => {
    const source = new URL("../../src/mcp-servers/everythingServer.ts", import.meta.url)
    const program = `
      import { subscribe } from "node:diagnostics_channel"
      let server
      subscribe("child_process", ({ process }) => (server = process))
      const { everythingServer } = await import(${JSON.stringify(source.href)})
      await everythingServer("streamable_http")
      console.log(JSON.stringify({ id: 1, pid: server.pid }))
    `
    await using parent = watch({
      command: process.execPath,
      args: [...scriptNodeOptions(), "--input-type=module", "-e", program],
    })
    const { pid } = await parent.answer(1)
    expect(isProcessRunning(Number(pid))).toBe(true)
    parent.child.kill("SIGKILL")
    await untilDead(pid)
  })
})

describe("memoryServer", () => {
  it("keeps its graph in the file", async () => {
    await using directory = await temporaryDirectory()
    const file = join(directory.path, "graph.jsonl")
    const transport = new StdioClientTransport({ ...memoryServer(file), stderr: "ignore" })
    await using client = await connectedClient(transport, "legacy")
    await client.callTool({
      name: "create_entities",
      arguments: { entities: [{ name: "Mooring", entityType: "library", observations: ["floats"] }] },
    })
    expect(await readFile(file, "utf8")).toContain("Mooring")
  })

  it("has a file of its own by default", () => {
    expect(memoryServer().env).not.toEqual(memoryServer().env)
  })
})

describe("filesystemServer", () => {
  it("reads in its directories and not outside", async () => {
    await using directory = await temporaryDirectory()
    await using other = await temporaryDirectory()
    await writeFile(join(directory.path, "note.txt"), "inside")
    await writeFile(join(other.path, "note.txt"), "outside")
    const transport = new StdioClientTransport({ ...filesystemServer([directory.path]), stderr: "ignore" })
    await using client = await connectedClient(transport, "legacy")
    const read = (path: string) => client.callTool({ name: "read_text_file", arguments: { path } })
    expect(JSON.stringify(await read(join(directory.path, "note.txt")))).toContain("inside")
    expect(await read(join(other.path, "note.txt"))).toMatchObject({ isError: true })
  })
})
