import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { OptionsInput } from "@mooring/core"
import { expect, test } from "vitest"
import { isProcessRunning } from "../mcp-servers/isProcessRunning.ts"
import { misbehavingCommand } from "../mcp-servers/misbehavingCommand.ts"
import { stdioServer } from "../mcp-servers/stdioServer.ts"
import { register } from "./register.ts"
import type { SuiteHost } from "./SuiteHost.ts"
import { uniqueName } from "./uniqueName.ts"

/** Commands that do not work: stored all the same, explained on refresh, and none of their processes stays behind. */
export const commandFaultCases = (
  host: () => SuiteHost,
  start: (options: OptionsInput) => Promise<SuiteHost>,
): void => {
  test.each([
    ["missing_command", /was not found on the host's machine/],
    ["exits_at_once", /exited with code 3/],
    ["garbage_for_json_rpc", /did not/],
    ["never_answers", /did not complete a connection within/],
  ] as const)("%s: stored, and refresh tells what to do", async (kind, message) => {
    const impatient = await start({ limits: { connectTimeoutMs: 1_500 } })
    try {
      const { mcpServers } = impatient.letta()
      const config = { mcp_server_type: "stdio" as const, ...misbehavingCommand(kind) }
      const created = await mcpServers.create({ server_name: uniqueName(kind), config })
      const refreshed = await impatient.request("PATCH", `/v1/mcp-servers/${created.id}/refresh`)
      expect(refreshed).toMatchObject({
        status: kind === "never_answers" || kind === "garbage_for_json_rpc" ? 504 : 502,
        body: { message: expect.stringMatching(message) },
      })
      expect(refreshed.headers.get("x-should-retry")).toBe("false")
      expect(await mcpServers.retrieve(created.id ?? "")).toStrictEqual(created)
      expect(await mcpServers.tools.list(created.id ?? "")).toStrictEqual([])
    } finally {
      await impatient.close()
    }
  })

  test("what a command that never connects prints to its standard error is part of the message", async () => {
    const impatient = await start({ limits: { connectTimeoutMs: 1_500 } })
    try {
      const args = ["-e", 'console.error("waiting for a browser"); process.stdin.resume()']
      const { id } = await impatient.letta().mcpServers.create({
        server_name: uniqueName("silent"),
        config: { command: process.execPath, args },
      })
      const answer = await impatient.request("PATCH", `/v1/mcp-servers/${id}/refresh`)
      expect(answer).toMatchObject({
        status: 504,
        body: { message: expect.stringContaining("waiting for a browser") },
      })
    } finally {
      await impatient.close()
    }
  })

  test("what a command prints to its standard error is part of the message, its secrets are not", async () => {
    const { mcpServers } = host().letta()
    const args = ["-e", 'console.error("cannot log in with " + process.env.API_KEY); process.exit(3)']
    const config = { command: process.execPath, args, env: { API_KEY: "canary-91c2" } }
    const { id } = await mcpServers.create({ server_name: uniqueName("stderr"), config })
    const { body } = await host().request("PATCH", `/v1/mcp-servers/${id}/refresh`)
    expect(body).toMatchObject({ message: expect.stringContaining("cannot log in with ••••") })
    expect(JSON.stringify(body)).not.toContain("canary-91c2")
  })

  test("one that prints greetings to the wrong stream, floods its standard error or is slow works", async () => {
    for (const command of [
      misbehavingCommand("garbage_before_json_rpc"),
      misbehavingCommand("floods_stderr"),
      misbehavingCommand("answers_slowly", { delayMs: 100 }),
    ]) {
      const server = await register(host(), { mcp_server_type: "stdio", ...command })
      expect(await server.run("ping")).toMatchObject({ status: "success" })
      await host().letta().mcpServers.delete(server.id)
    }
  })

  test("one that crashes during a call gives a result of status error, with its last words, and is started anew", async () => {
    const server = await register(host(), {
      mcp_server_type: "stdio",
      ...misbehavingCommand("crashes_in_tool_call"),
    })
    for (const _ of [1, 2]) {
      expect(await server.run("ping")).toMatchObject({
        status: "error",
        func_return: expect.stringMatching(/exited with code 1/),
      })
    }
  })

  test.each([
    ["closes_stdout_in_tool_call", /lost during the call/],
    ["exits_in_tool_call_with_grandchild", /exited with code 4/],
  ] as const)("%s: the call ends at once, not at its limit", async (kind, message) => {
    const server = await register(host(), { mcp_server_type: "stdio", ...misbehavingCommand(kind) })
    // The limit of a run is 55 s, that of a test less than a minute with all the rest.
    const started = performance.now()
    expect(await server.run("ping")).toMatchObject({
      status: "error",
      func_return: expect.stringMatching(message),
    })
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  test.each(["ignores_termination", "leaves_grandchild"] as const)(
    "%s: nothing survives the deletion of the server",
    async (kind) => {
      const directory = await mkdtemp(join(tmpdir(), "mooring-"))
      try {
        const pidFile = join(directory, "pid")
        const server = await register(host(), {
          mcp_server_type: "stdio",
          ...misbehavingCommand(kind, { pidFile }),
        })
        expect(await server.run("ping")).toMatchObject({ status: "success" })
        const pid = Number(await readFile(pidFile, "utf8"))
        expect(isProcessRunning(pid)).toBe(true)
        await host().letta().mcpServers.delete(server.id)
        await expect.poll(() => isProcessRunning(pid), { timeout: 5_000 }).toBe(false)
      } finally {
        await rm(directory, { recursive: true })
      }
    },
  )

  test("stdio that is off is 403 on create and update alike, and nothing is stored", async () => {
    const strict = await start({ stdio: "off" })
    try {
      const { args, command } = stdioServer()
      const created = await strict.request("POST", "/v1/mcp-servers/", {
        body: { server_name: "refused", config: { command, args } },
      })
      expect(created).toMatchObject({ status: 403, body: { error: { type: "stdio_disabled" } } })
      expect(await strict.letta().mcpServers.list()).toStrictEqual([])

      const remote = await strict.letta().mcpServers.create({
        server_name: "remote",
        config: { server_url: "https://mcp.invalid/mcp" },
      })
      const updated = await strict.request("PATCH", `/v1/mcp-servers/${remote.id}`, {
        body: { config: { mcp_server_type: "stdio", command, args } },
      })
      expect(updated).toMatchObject({ status: 403, body: { error: { type: "stdio_disabled" } } })
      expect(await strict.letta().mcpServers.retrieve(remote.id ?? "")).toStrictEqual(remote)
    } finally {
      await strict.close()
    }
  })

  test("a list of commands allows exactly these", async () => {
    const { args, command } = stdioServer()
    const strict = await start({ stdio: [{ command, args, env: ["TOKEN"] }] })
    try {
      const attempt = (config: object) =>
        strict.request("POST", "/v1/mcp-servers/", { body: { server_name: uniqueName("listed"), config } })
      expect(await attempt({ command, args, env: { TOKEN: "x" } })).toMatchObject({ status: 200 })
      for (const config of [
        { command, args: [...args, "--more"] },
        { command, args: args.slice(1) },
        { command, args: [...args.slice(0, -1), "another"] },
        { command: "node", args },
        { command, args, env: { LD_PRELOAD: "evil.so" } },
      ]) {
        expect(await attempt(config)).toMatchObject({
          status: 403,
          body: { error: { type: "stdio_forbidden" } },
        })
      }
    } finally {
      await strict.close()
    }
  })
}
