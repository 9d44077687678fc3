import { StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import { describe, expect, it } from "vitest"
import { stdioServer } from "../../src/mcp-servers/stdioServer.ts"
import type { StdioServerOptions } from "../../src/mcp-servers/stdioServer.ts"
import { connectedClient } from "./connectedClient.ts"
import { defaultToolsSuite } from "./defaultToolsSuite.ts"
import { untilDead } from "./processes.ts"

const connect = async (options: StdioServerOptions, mode: "legacy" | "auto" | "modern") => {
  const client = await connectedClient(
    new StdioClientTransport({ ...stdioServer(options), stderr: "ignore" }),
    mode,
  )
  return { client, [Symbol.asyncDispose]: () => client.close() }
}

describe.each([
  { era: "legacy", mode: "auto", version: "2025-11-25" },
  { era: "modern", mode: "modern", version: "2026-07-28" },
  { era: "both", mode: "auto", version: "2026-07-28" },
  { era: "both", mode: "legacy", version: "2025-11-25" },
] as const)("stdioServer of era $era, client $mode", ({ era, mode, version }) => {
  defaultToolsSuite(() => connect({ era }, mode))

  it(`speaks ${version}`, async () => {
    await using connection = await connect({ era }, mode)
    expect(connection.client.getNegotiatedProtocolVersion()).toBe(version)
  })
})

describe("stdioServer", () => {
  it("tells its environment and its arguments", async () => {
    await using connection = await connect(
      { args: ["two words", "", "$HOME", "--flag=1"], env: { SECRET: "s3cret" } },
      "legacy",
    )
    const text = async (name: string) => {
      const { content } = await connection.client.callTool({ name })
      return content[0]?.type === "text" ? content[0].text : ""
    }
    expect(JSON.parse(await text("argv"))).toEqual(["two words", "", "$HOME", "--flag=1"])
    expect(JSON.parse(await text("env"))).toMatchObject({ SECRET: "s3cret" })
  })

  it.each(["legacy", "modern"] as const)("ends with its client, even in a call (%s)", async (era) => {
    const transport = new StdioClientTransport({ ...stdioServer({ era }), stderr: "ignore" })
    await using client = await connectedClient(transport, era)
    const { pid } = transport
    const call = expect(client.callTool({ name: "slow", arguments: { ms: 60_000 } })).rejects.toThrow()
    await client.close()
    await call
    await untilDead(pid)
  })

  it.each(["legacy", "modern"] as const)("refuses a client of the other era (%s)", async (era) => {
    await expect(connect({ era }, era === "legacy" ? "modern" : "legacy")).rejects.toThrow()
  })
})
