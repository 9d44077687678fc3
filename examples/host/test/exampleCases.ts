import { once } from "node:events"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { Agent, get } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, test, vi } from "vitest"
import { exampleClient, idOf, stdioConfig } from "./ExampleClient.ts"
import type { ExampleDatabase } from "./ExampleDatabase.ts"
import { type ExampleEnv, startExample } from "./ExampleProcess.ts"
import { keepingCases } from "./keepingCases.ts"
import { keyCases } from "./keyCases.ts"
import { startFailureCases } from "./startFailureCases.ts"
import { wholeWalkCase } from "./wholeWalkCase.ts"

export { defaultDatabase, exampleDatabases } from "./ExampleDatabase.ts"
export { walkCases } from "./walkCases.ts"

/** What every example host does alike, tested on the process that a user would start. */
export const exampleCases = (main: URL, databases: ReadonlyArray<ExampleDatabase>): void => {
  servingCases(main)
  describe.each(databases)("with $name", (database) => keepingCases(main, database))
  wholeWalkCase(main)
}

/** What the examples have in common before they are hosts: how they read settings. */
export const settingCases = (main: URL): void => {
  describe("keys:", () => keyCases(main))
  describe("does not start, and tells why:", () => startFailureCases(main))
}

const servingCases = (main: URL): void => {
  const start = (env: ExampleEnv = {}) => startExample(main, { WALK: "0", ...env })

  test("serves, prints where and nothing else", async () => {
    await using example = start()
    const url = await example.url()
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await (await fetch(`${url}/v1/mcp-servers/`)).json()).toStrictEqual([])
    expect((await fetch(`${url}/of-the-host`)).status).toBe(404)
    expect(await (await fetch(`${url}/console`)).text()).toContain('<meta name="mooring-api" content="/" />')
    example.kill("SIGTERM")
    expect(await example.exited).toBe(0)
    expect(example.lines).toStrictEqual([`listening on ${url}`])
    expect(example.stderr()).toBe("")
  })

  test.each(["127.0.0.1", "localhost", "[::1]"])("ALLOW_LOOPBACK=0 refuses http://%s", async (host) => {
    await using example = start({ ALLOW_LOOPBACK: "0" })
    const response = await exampleClient(await example.url()).register({ server_url: `http://${host}:9/mcp` })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ error: { type: "network_forbidden" } })
  })

  test("STDIO=off starts no command", async () => {
    await using example = start({ STDIO: "off" })
    const response = await exampleClient(await example.url()).register(stdioConfig)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ error: { type: "stdio_disabled" } })
  })

  test("the OpenAPI document names PUBLIC_URL, or where the host listens", async () => {
    const servers = async (env: ExampleEnv) => {
      await using example = start(env)
      const url = await example.url()
      return { url, document: await (await fetch(`${url}/openapi.json`)).json() }
    }
    const PUBLIC_URL = "https://mcp.example.com/deep"
    expect((await servers({ PUBLIC_URL })).document).toMatchObject({ servers: [{ url: PUBLIC_URL }] })
    const { document, url } = await servers({})
    expect(document).toMatchObject({ servers: [{ url }] })
  })

  test("it is used by its own names, and not by one that a web site has pointed to it", async () => {
    await using example = start({ PUBLIC_URL: "https://mcp.example.com/deep" })
    const { port } = new URL(await example.url())
    const status = async (host: string) => {
      const request = get({ host: "127.0.0.1", port, path: "/v1/health/", headers: { host } })
      const [response] = await once(request, "response")
      response.resume()
      return response.statusCode
    }
    for (const own of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      "LOCALHOST",
      "[::1]:80",
      "mcp.example.com",
    ]) {
      expect(await status(own), own).toBe(200)
    }
    for (const other of [`evil.example:${port}`, "127.0.0.1.evil.example", "localhost@evil.example", "a b"]) {
      expect(await status(other), other).toBe(403)
    }
  })

  test.each(["SIGTERM", "SIGINT"] as const)(
    "%s ends it with code 0, with a live stdio session and an idle connection, and leaves no child",
    async (signal) => {
      const directory = await mkdtemp(join(tmpdir(), "mooring-example-"))
      try {
        await using example = start()
        const url = await example.url()
        const pidFile = join(directory, "pid")
        const preload = `import { writeFileSync } from "node:fs"
          writeFileSync(${JSON.stringify(pidFile)}, String(process.pid))`
        const args = ["--import", `data:text/javascript,${encodeURIComponent(preload)}`, ...stdioConfig.args]
        const id = await idOf(await exampleClient(url).register({ ...stdioConfig, args }))
        expect(await (await fetch(`${url}/v1/mcp-servers/${id}/tools`)).json()).not.toStrictEqual([])
        const pid = Number(await readFile(pidFile, "utf8"))
        expect(isRunning(pid)).toBe(true)
        using agent = keepAlive()
        await agent.get(`${url}/v1/health/`)

        const signalled = performance.now()
        example.kill(signal)
        expect(await example.exited).toBe(0)
        expect(performance.now() - signalled).toBeLessThan(3_000)
        await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 1_000, interval: 5 })
      } finally {
        await rm(directory, { recursive: true })
      }
    },
  )
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** A client that keeps its connection open after the answer. */
const keepAlive = () => {
  const agent = new Agent({ keepAlive: true })
  return {
    get: async (url: string) => {
      const [response] = await once(get(url, { agent }), "response")
      await once(response.resume(), "end")
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}
