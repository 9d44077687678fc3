import { toNodeHandler } from "@mooring/adapter-node"
import { Letta } from "@letta-ai/letta-client"
import { createMooring } from "@mooring/core"
import { modernServer } from "@mooring/testkit"
import { execFile } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, expect, test } from "vitest"

// The script of docs/from-letta.md, from one host that speaks the API to another.

const run = promisify(execFile)
const folder = fileURLToPath(new URL("../.samples-moving/", import.meta.url))
beforeAll(() => void mkdirSync(folder, { recursive: true }))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const startHost = async () => {
  const mooring = createMooring({
    actor: "single-user",
    stdio: "any",
    egress: { allowRanges: ["127.0.0.0/8", "::1/128"] },
    logLevel: "None",
  })
  const server = createServer(toNodeHandler(mooring)).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      await mooring.close()
      server.close()
      server.closeAllConnections()
    },
  }
}

test("servers are moved with their secrets, once", async () => {
  const page = readFileSync(new URL("../from-letta.md", import.meta.url), "utf8")
  const samples = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text = ""]) => text)
  const script = samples.find((text) => text.includes("FROM_URL"))
  writeFileSync(`${folder}move.ts`, script ?? "")

  await using from = await startHost()
  await using to = await startHost()
  const calculator = await modernServer()
  const old = new Letta({ baseURL: from.url, apiKey: "unused" })
  await old.mcpServers.create({
    server_name: "calculator",
    config: {
      mcp_server_type: "streamable_http",
      server_url: calculator.url,
      auth_token: "secret",
      custom_headers: { "x-team": "blue" },
    },
  })
  await old.mcpServers.create({
    server_name: "quiet",
    config: { mcp_server_type: "stdio", command: "true", args: ["a b"], env: { TOKEN: "hidden" } },
  })

  const move = () =>
    run(process.execPath, ["--conditions=@mooring/source", `${folder}move.ts`], {
      env: { ...process.env, FROM_URL: from.url, TO_URL: to.url },
      timeout: 40_000,
    })
  const { stdout } = await move()
  expect(stdout).toMatch(/^calculator: [1-9]\d* tools$/m)
  const moved = await new Letta({ baseURL: to.url, apiKey: "unused" }).mcpServers.list()
  expect(moved).toMatchObject([
    { server_name: "calculator", auth_token: "secret", custom_headers: { "x-team": "blue" } },
    { server_name: "quiet", command: "true", args: ["a b"], env: { TOKEN: "hidden" } },
  ])
  expect((await move()).stdout).toBe("calculator: is there already\nquiet: is there already\n")
  await calculator.close()
})
