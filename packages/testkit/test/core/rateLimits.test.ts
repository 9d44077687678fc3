import {
  createMooring,
  layerMemoryStores,
  type MooringOptions,
  RateLimitStore,
  StoreError,
  Transports,
} from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { describe, expect, test } from "vitest"
import { inProcessServer } from "../../src/index.ts"
import { sessionHost, userOf } from "./sessionHost.ts"

// How often an actor may ask: in the services, so that no route and no call of the application's goes around it.

const url = "https://server.test/mcp"

const start = (rateLimit: MooringOptions["rateLimit"], options: Partial<MooringOptions> = {}) => {
  const upstream = inProcessServer()
  const host = sessionHost({
    transports: Transports.layerMemory({ [url]: upstream.connect }),
    rateLimit,
    ...options,
  })
  return {
    ...host,
    upstream,
    [Symbol.asyncDispose]: async () => {
      await host.mooring.close()
      await upstream.close()
    },
  }
}

const refused = (kind: string, whose = "user") => ({
  status: 429,
  body: {
    error: { type: "rate_limited" },
    detail: expect.any(String),
    message: expect.stringContaining(`"rateLimit.${whose}.${kind}"`),
  },
})
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>
}

const failure = (kind: string) => ({ _tag: "RateLimited", kind })
const servers = "/v1/mcp-servers/"

test("one request too many is 429, says when there is room again, and is nobody else's", async () => {
  await using host = start({ windowMs: 600_000, user: { requests: 3 } })
  for (const _ of [1, 2, 3])
    expect(await host.request("alice", "GET", servers)).toMatchObject({ status: 200 })
  const answer = await host.request("alice", "GET", servers)
  expect(answer).toMatchObject(refused("requests"))
  const retryAfter = Number(answer.headers.get("retry-after"))
  expect(retryAfter).toBeGreaterThan(150)
  expect(retryAfter).toBeLessThanOrEqual(200)
  expect(await host.request("bob", "GET", servers)).toMatchObject({ status: 200 })
})

test("there is room again as the window passes", async () => {
  await using host = start({ windowMs: 100, user: { requests: 2 } })
  await expect
    .poll(() => host.request("alice", "GET", servers), { interval: 0 })
    .toMatchObject({ status: 429 })
  await expect.poll(() => host.request("alice", "GET", servers)).toMatchObject({ status: 200 })
})

test("a request counts once, however many services it calls", async () => {
  await using host = start({ windowMs: 600_000, user: { requests: 5 } })
  // Created, and its tools listed.
  const { id } = await host.register("alice", url)
  const tools = `/v1/mcp-servers/${id}/tools`
  for (const path of [tools, "/v1/tools/mcp/servers/server%201/tools"]) {
    expect(await host.request("alice", "GET", path)).toMatchObject({ status: 200 })
  }
  expect(await host.request("alice", "PATCH", `/v1/mcp-servers/${id}/refresh`)).toMatchObject({ status: 200 })
  expect(await host.request("alice", "GET", tools)).toMatchObject(refused("requests"))
})

test("a request counts although it is worth nothing", async () => {
  await using host = start({ windowMs: 600_000, user: { requests: 3 } })
  expect(await host.request("alice", "POST", servers, { config: 7 })).toMatchObject({ status: 422 })
  expect(await host.request("alice", "GET", `${servers}?limit=-1`)).toMatchObject({ status: 422 })
  expect(await host.request("alice", "GET", `${servers}unknown`)).toMatchObject({ status: 404 })
  expect(await host.request("alice", "POST", servers, { config: 7 })).toMatchObject(refused("requests"))
})

test("every route that acts for somebody is refused, and those that act for nobody are not", async () => {
  await using host = start({ windowMs: 600_000, user: { requests: 1 } })
  expect(await host.request("alice", "GET", servers)).toMatchObject({ status: 200 })
  const document = await host.mooring.fetch(new Request("http://host.example/openapi.json"))
  const { paths }: OpenApi = JSON.parse(await document.text())
  const nobody = ["/v1/health/", "/v1/tools/mcp/oauth/callback", "/v1/tools/mcp/oauth/client-metadata.json"]
  let walked = 0
  for (const [template, methods] of Object.entries(paths)) {
    if (nobody.includes(template)) continue
    const path = template.replaceAll(/\{[^}]+\}/g, "mcp_server-00000000-0000-4000-8000-000000000000")
    for (const [method, { responses }] of Object.entries(methods)) {
      const body = ["get", "delete"].includes(method)
        ? undefined
        : { server_name: "x", config: { server_url: url }, server_url: url, args: {} }
      const answer = await host.request("alice", method.toUpperCase(), path, body)
      expect(answer, `${method} ${path}`).toMatchObject(refused("requests"))
      expect(Object.keys(responses), `${method} ${path}`).toContain("429")
      walked += 1
    }
  }
  expect(walked).toBeGreaterThan(20)
  expect(host.upstream.connectionCount).toBe(0)
  expect(await host.request("alice", "GET", "/v1/health/")).toMatchObject({ status: 200 })
  const callback = new Request("http://host.example/v1/tools/mcp/oauth/callback?state=x", {
    headers: { authorization: "Bearer alice" },
  })
  expect((await host.mooring.fetch(callback)).status).toBe(410)
})

describe("kinds of calls", () => {
  test("runs, connects and changes are counted each by itself, by REST and by the application alike", async () => {
    await using host = start({ windowMs: 600_000, user: { runs: 2, connects: 1, changes: 1 } })
    const server = await host.register("alice", url)
    expect(await server.runByRest("count")).toMatchObject({ status: 200 })
    expect(await server.run("count")).toMatchObject({ status: "success" })
    expect(await server.runByRest("count")).toMatchObject(refused("runs"))
    await expect(server.run("count")).rejects.toMatchObject(failure("runs"))
    const following = host.mooring.tools.follow(userOf("alice"), server.id, "any")
    await expect(following[Symbol.asyncIterator]().next()).rejects.toMatchObject(failure("runs"))

    await host.mooring.tools.refresh(userOf("alice"), server.id)
    expect(await host.request("alice", "GET", `/v1/mcp-servers/connect/${server.id}`)).toMatchObject(
      refused("connects"),
    )
    const target = { server_name: "flat", server_url: url }
    for (const path of ["connect", "test"]) {
      expect(await host.request("alice", "POST", `/v1/tools/mcp/servers/${path}`, target)).toMatchObject(
        refused("connects"),
      )
    }
    const connecting = host.mooring.connect(userOf("alice"), server.id)
    await expect(connecting[Symbol.asyncIterator]().next()).rejects.toMatchObject(failure("connects"))

    await expect(host.register("alice", url)).rejects.toMatchObject(failure("changes"))
    expect(await host.request("alice", "DELETE", `/v1/mcp-servers/${server.id}`)).toMatchObject(
      refused("changes"),
    )
    expect(await host.request("alice", "GET", servers)).toMatchObject({ status: 200, body: [{}] })
  })

  test("of an organization all users are counted together, and who is over their own limit takes nothing from it", async () => {
    await using host = start({ windowMs: 600_000, user: { requests: 2 }, organization: { requests: 5 } })
    for (const _ of [1, 2, 3, 4, 5, 6]) await host.request("alice", "GET", servers)
    for (const user of ["bob", "bob", "carol"]) {
      expect(await host.request(user, "GET", servers)).toMatchObject({ status: 200 })
    }
    expect(await host.request("carol", "GET", servers)).toMatchObject(refused("requests", "organization"))
    const elsewhere = { organizationId: "globex", userId: "carol" }
    expect(await host.mooring.servers.list(elsewhere)).toStrictEqual([])
  })

  test("ids that run into one another are told apart", async () => {
    await using host = start({ windowMs: 600_000, user: { requests: 1 } })
    const actors = [
      ["a", "b"],
      ['a"', "b"],
      ['a","b', "c"],
      ["a", 'b","c'],
      ["ab", ""].map((id) => id || "x"),
      ["a", "bx"],
    ] as const
    for (const [organizationId = "", userId = ""] of actors) {
      expect(await host.mooring.servers.list({ organizationId, userId })).toStrictEqual([])
    }
  })
})

test("of many at once as many pass as may", async () => {
  await using host = start({ windowMs: 600_000, user: { requests: 10 } })
  const answers = await Promise.all(Array.from({ length: 50 }, () => host.request("alice", "GET", servers)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(40)
})

test("a limit that is none or misspelt is refused at the start", () => {
  const wrong: ReadonlyArray<object> = [
    { user: { requests: 0 } },
    { windowMs: 0 },
    { user: { request: 1 } },
    { users: {} },
  ]
  for (const rateLimit of wrong) {
    expect(() => createMooring({ actor: "single-user", rateLimit })).toThrow(/rateLimit/)
  }
})

test("a storage that fails lets nobody through", async () => {
  const failing = Layer.succeed(
    RateLimitStore,
    RateLimitStore.of({
      take: () => Effect.fail(new StoreError({ operation: "RateLimitStore.take", cause: "gone" })),
    }),
  )
  await using host = start({ user: { requests: 5 } }, { stores: Layer.merge(layerMemoryStores, failing) })
  expect(await host.request("alice", "GET", servers)).toMatchObject({
    status: 503,
    body: { error: { type: "store_unavailable" } },
  })
})
