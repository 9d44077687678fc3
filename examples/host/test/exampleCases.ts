import { once } from "node:events"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { Agent, createServer, get } from "node:http"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test, vi } from "vitest"
import { startExample } from "./ExampleProcess.ts"

export { type ExampleProcess, startExample } from "./ExampleProcess.ts"

const everything = createRequire(import.meta.url).resolve(
  "@modelcontextprotocol/server-everything/dist/index.js",
)
const stdioConfig = { mcp_server_type: "stdio", command: process.execPath, args: [everything, "stdio"] }

const register = (url: string, config: object, token = "") =>
  fetch(`${url}/v1/mcp-servers/`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ server_name: "everything", config }),
  })

const idOf = async (response: Response): Promise<string> => {
  expect(response.status).toBe(200)
  return Object(await response.json()).id
}

/** What every example host does alike, tested on the process that a user would start. */
export const exampleCases = (main: URL): void => {
  const start = (env: Readonly<Record<string, string>> = {}) => startExample(main, { WALK: "0", ...env })

  test("serves, prints where and nothing else", async () => {
    await using example = start()
    const url = await example.url()
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await (await fetch(`${url}/v1/mcp-servers/`)).json()).toStrictEqual([])
    expect((await fetch(`${url}/of-the-host`)).status).toBe(404)
    example.kill("SIGTERM")
    expect(await example.exited).toBe(0)
    expect(example.lines).toStrictEqual([`listening on ${url}`])
    expect(example.stderr()).toBe("")
  })

  test("DEMO_TOKENS: who has no token is nobody, and organizations do not see each other's servers", async () => {
    await using example = start({ DEMO_TOKENS: "tokenA=org1/alice, tokenB==org2/bob,tokenC=org1/carol" })
    const url = await example.url()
    const status = async (path: string, authorization?: string) =>
      (await fetch(url + path, { headers: authorization === undefined ? {} : { authorization } })).status

    for (const nobody of [undefined, "Bearer", "Bearer tokenX", "Bearer tokenA2", "Basic tokenA", "tokenA"]) {
      expect(await status("/v1/mcp-servers/", nobody)).toBe(401)
    }
    const id = await idOf(await register(url, stdioConfig, "tokenA"))
    for (const path of [`/v1/mcp-servers/${id}`, `/v1/mcp-servers/${id}/tools`]) {
      expect(await status(path, "Bearer tokenA")).toBe(200)
      expect(await status(path, "bearer tokenC")).toBe(200)
      expect(await status(path, "Bearer tokenB=")).toBe(404)
      expect(await status(path)).toBe(401)
    }
  })

  test.each(["127.0.0.1", "localhost", "[::1]"])("ALLOW_LOOPBACK=0 refuses http://%s", async (host) => {
    await using example = start({ ALLOW_LOOPBACK: "0" })
    const response = await register(await example.url(), { server_url: `http://${host}:9/mcp` })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ error: { type: "network_forbidden" } })
  })

  test("STDIO=off starts no command", async () => {
    await using example = start({ STDIO: "off" })
    const response = await register(await example.url(), stdioConfig)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ error: { type: "stdio_disabled" } })
  })

  test("PUBLIC_URL is what the OpenAPI document names", async () => {
    await using example = start({ PUBLIC_URL: "https://mcp.example.com/deep" })
    const document = await (await fetch(`${await example.url()}/openapi.json`)).json()
    expect(document).toMatchObject({ servers: [{ url: "https://mcp.example.com/deep" }] })
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
        const id = await idOf(await register(url, { ...stdioConfig, args }))
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

  test("a port that is taken is told by the setting to change", async () => {
    await using other = await occupiedPort()
    await using example = start({ PORT: String(other.port) })
    expect(await example.exited).toBe(1)
    expect(example.stderr()).toMatch(new RegExp(`^Port ${other.port} is taken .*PORT.*\n$`))
    expect(example.lines).toStrictEqual([])
  })

  test("a wrong setting ends it with a message instead of a stack trace", async () => {
    await using example = start({ STDIO: "on" })
    expect(await example.exited).toBe(1)
    expect(example.stderr()).toBe('STDIO is any or off, and not "on".\n')
    expect(example.lines).toStrictEqual([])
  })
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

const occupiedPort = async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("not listening on a port")
  return { port: address.port, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}
