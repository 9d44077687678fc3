import { existsSync } from "node:fs"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { OptionsInput } from "@mooring/core"
import { expect, test } from "vitest"
import { legacyServer } from "../mcp-servers/legacyServer.ts"
import { modernServer } from "../mcp-servers/modernServer.ts"
import { isProcessRunning } from "../mcp-servers/isProcessRunning.ts"
import { misbehavingCommand } from "../mcp-servers/misbehavingCommand.ts"
import { misbehavingServer } from "../mcp-servers/misbehavingServer.ts"
import { stdioServer } from "../mcp-servers/stdioServer.ts"
import { register } from "./register.ts"
import type { SuiteHost } from "./SuiteHost.ts"

/** What happens when the caller or the host goes away in the middle of something. */
export const disconnectCases = (
  host: () => SuiteHost,
  start: (options: OptionsInput) => Promise<SuiteHost>,
): void => {
  test.each([
    ["up to 2025-11-25", legacyServer],
    ["2026-07-28", modernServer],
  ])("a caller who goes away cancels the run at a server of %s within 100 ms", async (_, serve) => {
    await using upstream = await serve()
    const server = await register(host(), { server_url: upstream.url })
    const slow = server.tools.find((tool) => tool.name === "slow")
    const caller = new AbortController()
    const answer = host()
      .request("POST", `/v1/mcp-servers/${server.id}/tools/${slow?.id}/run`, {
        body: { args: { ms: 60_000 } },
        signal: caller.signal,
      })
      .catch((error: unknown) => error)
    await upstream.called("slow")
    const left = performance.now()
    caller.abort()
    expect(await upstream.cancelled).toMatchObject({ name: "slow" })
    expect(performance.now() - left).toBeLessThan(100)
    expect(await answer).toBeInstanceOf(Error)
    // The session is as good as before.
    expect(await server.run("echo", { text: "still here" })).toMatchObject({ func_return: "still here" })
  })

  test.each([
    ["up to 2025-11-25", "legacy"],
    ["2026-07-28", "modern"],
  ] as const)("a caller who goes away cancels the run at a command of %s", async (_, era) => {
    const server = await register(host(), {
      mcp_server_type: "stdio",
      ...stdioServer({ era, reports: true }),
    })
    const report = server.tools.find((tool) => tool.name === "report")
    const caller = new AbortController()
    const answer = host()
      .request("POST", `/v1/mcp-servers/${server.id}/tools/${report?.id}/run`, {
        body: { args: { notices: [], waits: true } },
        signal: caller.signal,
      })
      .catch((error: unknown) => error)
    const seen = async (): Promise<unknown> => JSON.parse(String((await server.run("calls")).func_return))
    const expected = { calls: expect.arrayContaining([expect.objectContaining({ name: "report" })]) }
    await expect.poll(seen).toMatchObject({ ...expected, cancellations: [] })
    caller.abort()
    await expect.poll(seen).toMatchObject({ cancellations: [{ name: "report" }] })
    expect(await answer).toBeInstanceOf(Error)
  })

  test("closing ends what runs, ends sessions and commands, and answers later requests with 503", async () => {
    await using upstream = await legacyServer()
    const closing = await start({})
    try {
      const remote = await register(closing, { server_url: upstream.url })
      const command = await register(closing, { mcp_server_type: "stdio", ...stdioServer() })
      const pid = Number((await command.run("pid")).func_return)
      const running = remote.run("slow", { ms: 60_000 })
      await upstream.called("slow")
      expect(isProcessRunning(pid)).toBe(true)

      await closing.mooring.close()
      // Not an error of HTTP: the client would repeat the call, which may have had effects.
      expect(await running).toMatchObject({ status: "error" })
      expect(isProcessRunning(pid)).toBe(false)
      await expect.poll(() => upstream.sessionCount).toBe(0)
      expect(await closing.request("GET", "/v1/health")).toMatchObject({ status: 503 })
    } finally {
      await closing.close()
    }
  })

  test("closing answers what waits for a connection with 503, and does not wait for it", async () => {
    await using upstream = await misbehavingServer("never_answers")
    const closing = await start({})
    try {
      const created = closing.request("POST", "/v1/mcp-servers/", {
        body: { server_name: "silent", config: { server_url: upstream.url } },
      })
      await expect.poll(() => upstream.requests.length).toBeGreaterThan(0)
      const [server] = await closing.letta().mcpServers.list()
      const refreshed = closing.request("PATCH", `/v1/mcp-servers/${server?.id}/refresh`)
      await closing.mooring.close()
      expect(await refreshed).toMatchObject({
        status: expect.toSatisfy((status) => status === 503 || status === 502),
        body: { message: expect.any(String) },
      })
      expect(await created).toMatchObject({ status: 200, body: { server_name: "silent" } })
    } finally {
      await closing.close()
    }
  })

  test("deleting a server ends what is still connecting to it", async () => {
    const directory = await mkdtemp(join(tmpdir(), "mooring-"))
    try {
      const pidFile = join(directory, "pid")
      const { args, command } = misbehavingCommand("never_answers", { pidFile })
      const created = host().request("POST", "/v1/mcp-servers/", {
        body: { server_name: "connecting", config: { command, args } },
      })
      await expect.poll(() => existsSync(pidFile), { timeout: 5_000 }).toBe(true)
      const { mcpServers } = host().letta()
      const server = (await mcpServers.list()).find(({ server_name }) => server_name === "connecting")
      await mcpServers.delete(server?.id ?? "")
      const pid = Number(await readFile(pidFile, "utf8"))
      // The limit of connecting is 30 s.
      await expect.poll(() => isProcessRunning(pid), { timeout: 5_000 }).toBe(false)
      expect(await created).toMatchObject({ status: 200 })
    } finally {
      await rm(directory, { recursive: true })
    }
  })
}
