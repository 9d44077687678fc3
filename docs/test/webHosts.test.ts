import { serve } from "@hono/node-server"
import { Letta } from "@letta-ai/letta-client"
import { createMooring, type Mooring, mountAt } from "@mooring/core"
import { modernServer } from "@mooring/testkit"
import { type Context, Hono } from "hono"
import { NextRequest } from "next/server.js"
import type { AppRouteHandlers } from "next/dist/server/route-modules/app-route/module.js"
import { once } from "node:events"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

// The two ways to be mounted that need no adapter: a real Hono on a real socket, and a route handler of Next.js with the
// requests that Next.js hands to one.

type HonoContext = Context<{ Variables: { user: string } }>

const calculator = await modernServer()
afterAll(() => calculator.close())

const makeMooring = (): Mooring =>
  createMooring<HonoContext | undefined>({
    actor: (request, context) => {
      const user = context?.get("user") ?? request.headers.get("x-user")
      return user === null || user === "nobody" ? undefined : { organizationId: "acme", userId: user }
    },
    egress: { allowRanges: ["127.0.0.0/8", "::1/128"] },
    limits: { requestBodyBytes: 10_000 },
    logLevel: "None",
  })

interface Host {
  readonly fetch: typeof fetch
  readonly url: string
  readonly close: () => Promise<void>
}

const honoHost = async (): Promise<Host> => {
  const mooring = makeMooring()
  const app = new Hono<{ Variables: { user: string } }>()
  app.use(async (c, next) => {
    c.set("user", c.req.header("x-user") ?? "nobody")
    await next()
  })
  const handler = mountAt(mooring, "/deep/mcp")
  app.all("/deep/mcp/*", (c) => handler(c.req.raw, c))
  app.get("/deep/mcpx", (c) => c.text("the host's own"))
  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" })
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return {
    fetch,
    url: `http://127.0.0.1:${address.port}/deep/mcp`,
    close: async () => {
      await mooring.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const nextHost = async (): Promise<Host> => {
  const mooring = makeMooring()
  const handler = mountAt(mooring, "/deep/mcp")
  // What a file `app/deep/mcp/[...path]/route.ts` exports: Next.js's own type says whether it may.
  const route = {
    GET: (request: Request) => handler(request),
    POST: (request: Request) => handler(request),
    PATCH: (request: Request) => handler(request),
    DELETE: (request: Request) => handler(request),
  } satisfies AppRouteHandlers
  const methods: ReadonlyMap<string, (request: Request) => Promise<Response>> = new Map(Object.entries(route))
  return {
    fetch: async (input, init) => {
      const made = new Request(input, init)
      const request = new NextRequest(made.url, {
        method: made.method,
        headers: made.headers,
        signal: made.signal,
        ...(made.body === null ? {} : { body: made.body, duplex: "half" }),
      })
      return (await methods.get(made.method)?.(request)) ?? new Response(null, { status: 405 })
    },
    url: "http://127.0.0.1/deep/mcp",
    close: () => mooring.close(),
  }
}

describe.each([
  ["Hono", honoHost],
  ["a route handler of Next.js", nextHost],
])("%s", (_, start) => {
  let host: Host
  beforeAll(async () => {
    host = await start()
  })
  afterAll(() => host.close())
  const letta = (user: string) =>
    new Letta({ baseURL: host.url, apiKey: "unused", fetch: host.fetch, defaultHeaders: { "x-user": user } })
  const status = async (path: string, init?: RequestInit) =>
    (await host.fetch(`${host.url}${path}`, { headers: { "x-user": "alice" }, ...init })).status

  test("serves the official client: a server is registered, its tools are listed and run", async () => {
    const { mcpServers } = letta("alice")
    const { id = "" } = await mcpServers.create({
      server_name: "calculator",
      config: { mcp_server_type: "streamable_http", server_url: calculator.url },
    })
    const tools = await mcpServers.tools.list(id)
    const add = tools.find(({ name }) => name === "add")
    const result = await mcpServers.tools.run(add?.id ?? "", { mcp_server_id: id, args: { a: 2, b: 3 } })
    expect(result.func_return).toBe('{"sum":5}')
  })

  test("tells a run as it happens, and cancels it when its caller goes away", async () => {
    const { mcpServers } = letta("alice")
    const [server] = await mcpServers.list()
    const tools = await mcpServers.tools.list(server?.id ?? "")
    const slow = tools.find(({ name }) => name === "slow")
    const controller = new AbortController()
    const { calls, cancellations } = calculator
    const [callsBefore, cancelledBefore] = [calls.length, cancellations.length]
    const response = await host.fetch(`${host.url}/v1/mcp-servers/${server?.id}/tools/${slow?.id}/run`, {
      method: "POST",
      headers: { "x-user": "alice", "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify({ args: { ms: 600_000 } }),
      signal: controller.signal,
    })
    expect(response.headers.get("content-type")).toContain("text/event-stream")
    await expect.poll(() => calls.length, { timeout: 20_000 }).toBe(callsBefore + 1)
    controller.abort()
    await response.body?.cancel().catch(() => {})
    await expect.poll(() => cancellations.length, { timeout: 20_000 }).toBe(cancelledBefore + 1)
  })

  test("knows who asks", async () => {
    expect(await status("/v1/mcp-servers/", { headers: { "x-user": "nobody" } })).toBe(401)
    expect(await letta("bob").mcpServers.list()).toHaveLength(1)
  })

  test("answers both spellings of a path, and what is not Mooring's with 404", async () => {
    expect(await status("/v1/mcp-servers")).toBe(200)
    expect(await status("/v1/mcp-servers/?limit=1")).toBe(200)
    expect(await status("/")).toBe(404)
    expect(await status("/nope")).toBe(404)
    expect(await status("//evil.example/v1/health")).toBe(404)
  })

  test("refuses a body that is too large, and one that is not JSON", async () => {
    const post = (body: string) =>
      status("/v1/mcp-servers/", {
        method: "POST",
        headers: { "x-user": "alice", "content-type": "application/json" },
        body,
      })
    expect(await post(JSON.stringify({ server_name: "x".repeat(20_000) }))).toBe(413)
    expect(await post("{")).toBe(422)
  })
})

test("only a path that starts with a slash is one to mount at", () => {
  const mooring = { fetch: async () => new Response(), handles: () => true }
  expect(() => mountAt(mooring, "mcp")).toThrow(TypeError)
})

test("at the root, and past what only looks like the mount point", async () => {
  const seen: Array<string> = []
  const mooring = {
    fetch: async ({ url }: Request) => {
      seen.push(url)
      return new Response()
    },
    handles: (pathname: string) => pathname.startsWith("/v1"),
  }
  await mountAt(mooring, "/")(new Request("http://host.example/v1/health?a=1"))
  expect((await mountAt(mooring, "/mcp")(new Request("http://host.example/mcpx/v1"))).status).toBe(404)
  expect((await mountAt(mooring, "/mcp/")(new Request("http://host.example/mcp/v1/x"))).status).toBe(200)
  expect(seen).toStrictEqual(["http://host.example/v1/health?a=1", "http://host.example/v1/x"])
})
