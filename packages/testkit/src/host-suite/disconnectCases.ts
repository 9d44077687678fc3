import type { OptionsInput } from "@mooring/core"
import { expect, test } from "vitest"
import { legacyServer } from "../mcp-servers/legacyServer.ts"
import { modernServer } from "../mcp-servers/modernServer.ts"
import { isProcessRunning } from "../mcp-servers/isProcessRunning.ts"
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
}
