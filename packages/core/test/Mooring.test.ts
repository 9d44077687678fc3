import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { afterEach, describe, expect, expectTypeOf, test, vi } from "vitest"
import { createMooring, type Mooring, type MooringOptions } from "../src/index.ts"

const open: Array<Mooring> = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((mooring) => mooring.close()))
})
const start = <HostRequest>(options: MooringOptions<HostRequest>): Mooring => {
  const mooring = createMooring({ logLevel: "None", ...options })
  open.push(mooring)
  return mooring
}

const base = "http://host.example"
const servers = `${base}/v1/mcp-servers/`
const post = (body: unknown) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
})
const remote = {
  server_url: "https://mcp.invalid/",
  auth_token: "canary-1",
  custom_headers: { "X-Key": "canary-2" },
}

describe("the options", () => {
  test("that are wrong are told at once, by name", () => {
    const wrong = (options: object) => () => createMooring({ actor: "single-user", ...options })
    expect(wrong({ stdio: "sometimes" })).toThrow(/stdio/)
    expect(wrong({ limits: { runTimeoutMs: -1 } })).toThrow(/runTimeoutMs/)
    expect(wrong({ egress: { allowRanges: ["everything"] } })).toThrow(/allowRanges/)
    expect(wrong({ limits: { runTimeoutMs: 2 ** 31 } })).toThrow(/runTimeoutMs/)
    expect(wrong({ publicUrl: "nope" })).toThrow(/publicUrl/)
    expect(wrong({ maskSecret: true })).toThrow(/maskSecret/)
  })

  test("demand an actor", () => {
    expectTypeOf<MooringOptions>().toHaveProperty("actor").not.toEqualTypeOf<undefined>()
    // @ts-expect-error: there is no default for who a request acts for
    expect(() => createMooring({})).toThrow(/actor/)
  })
})

describe("the actor", () => {
  test("is found with the web-standard request and the host's own", async () => {
    const seen: Array<unknown> = []
    const mooring = start<{ user: string }>({
      actor: (request, host) => {
        seen.push([request.url, host.user])
        return { organizationId: "org", userId: host.user }
      },
    })
    const response = await mooring.fetch(new Request(servers), { user: "alice" })
    expect(response.status).toBe(200)
    expect(seen).toStrictEqual([[servers, "alice"]])
  })

  test.each([undefined, null])("that is %s is 401", async (actor) => {
    const mooring = start({ actor: () => actor })
    expect((await mooring.fetch(new Request(servers))).status).toBe(401)
  })

  test.each([
    ["throws", () => Promise.reject(new Error("canary: no such table users"))],
    ["returns what is no actor", () => ({ organizationId: "", userId: "canary" })],
  ])("whose resolver %s is 500, without the particulars", async (_, actor) => {
    const response = await start({ actor }).fetch(new Request(servers))
    expect(response.status).toBe(500)
    expect(response.headers.get("x-should-retry")).toBe("false")
    expect(await response.text()).not.toContain("canary")
  })

  test("whose resolver fails is in the host's log, on the standard error", async () => {
    const output = vi.spyOn(console, "log").mockImplementation(() => {})
    const error = vi.spyOn(console, "error").mockImplementation(() => {})
    try {
      const mooring = start({
        actor: () => Promise.reject(new Error("no such table users")),
        logLevel: "Warn",
      })
      await mooring.fetch(new Request(servers))
      expect(error.mock.calls.flat().map(String).join("\n")).toContain("no such table users")
      expect(output).not.toHaveBeenCalled()
    } finally {
      output.mockRestore()
      error.mockRestore()
    }
  })
})

describe("with maskSecrets", () => {
  test("answers hold no secret, and a mask handed back keeps what it stands for", async () => {
    const mooring = start({ actor: "single-user", maskSecrets: true })
    const created = await mooring.fetch(new Request(servers, post({ server_name: "masked", config: remote })))
    const server: unknown = await created.json()
    expect(server).toMatchObject({ custom_headers: { "X-Key": "••••" } })
    expect(server).not.toHaveProperty("auth_token")
    const id = typeof server === "object" && server !== null && "id" in server ? String(server.id) : ""

    const update = {
      ...post({ config: { custom_headers: { "X-Key": "••••", "X-New": "canary-3" } } }),
      method: "PATCH",
    }
    const updated = await mooring.fetch(new Request(servers + id, update))
    const listed = await mooring.fetch(new Request(servers))
    expect((await updated.text()) + (await listed.text())).not.toContain("canary")

    const { config } = await mooring.servers.get({ organizationId: "default", userId: "default" }, id)
    expect(JSON.stringify(config)).not.toContain("canary")
    expect(config).toMatchObject({ type: "streamable_http" })

    const elsewhere = { ...post({ config: { server_url: "https://evil.invalid/" } }), method: "PATCH" }
    expect((await mooring.fetch(new Request(servers + id, elsewhere))).status).toBe(422)
  })
})

describe("where the stores cannot be set up", () => {
  test("ready tells why, and requests are answered with 503, without the particulars", async () => {
    const stores = Layer.effectContext(Effect.fail(new Error("canary: no connection")))
    const mooring = start({ actor: "single-user", stores })
    await expect(mooring.ready).rejects.toThrow("no connection")
    const response = await mooring.fetch(new Request(servers))
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain("canary")
  })
})

test("a resolver that reads the body takes nothing from the handlers", async () => {
  const bodies: Array<string> = []
  const mooring = start({
    actor: async (request) => {
      bodies.push(await request.text())
      return { organizationId: "org", userId: "u" }
    },
  })
  const response = await mooring.fetch(new Request(servers, post({ server_name: "read", config: remote })))
  expect(response.status).toBe(200)
  expect(bodies).toStrictEqual([""])
})

test("the promises check what they are given", async () => {
  const mooring = start({ actor: "single-user" })
  const actor = { organizationId: "default", userId: "default" }
  const config = {
    type: "streamable_http" as const,
    serverUrl: "https://mcp.invalid/",
    authHeader: null,
    authToken: "plain",
    customHeaders: null,
  }
  await expect(mooring.servers.create(actor, { name: "", config })).rejects.toThrow(/name/)
  const { id } = await mooring.servers.create(actor, { name: "promised", config })
  await expect(mooring.servers.update(actor, id, { name: " " })).rejects.toThrow(/name/)
  const updated = await mooring.servers.update(actor, id, { config: { authToken: "other" } })
  expect(JSON.stringify(updated)).not.toContain("other")
  const answer = await mooring.fetch(new Request(servers + id))
  expect(await answer.json()).toMatchObject({ auth_token: "other" })
})

describe("the paths", () => {
  test.each([
    "/v1/mcp-servers",
    "/v1/mcp-servers/",
    "/v1/mcp-servers/x/tools",
    "/v1/health/",
    "/openapi.json",
  ])("%s is Mooring's", (path) => expect(start({ actor: "single-user" }).handles(path)).toBe(true))
  test.each([
    "/",
    "/v1",
    "/v1/mcp-servers-of-others",
    "/v1/healthy",
    "/openapi.json5",
    "/V1/health",
    "/v1//health",
  ])("%s is not", (path) => expect(start({ actor: "single-user" }).handles(path)).toBe(false))
})

test("the OpenAPI document names the public URL", async () => {
  const mooring = start({ actor: "single-user", publicUrl: "https://app.example/mcp" })
  const response = await mooring.fetch(new Request(`${base}/openapi.json`))
  expect(await response.json()).toMatchObject({ servers: [{ url: "https://app.example/mcp" }] })
})

test("once closed it answers 503, and closing again is no error", async () => {
  const mooring = start({ actor: "single-user" })
  await mooring.ready
  await mooring.close()
  await mooring.close()
  const response = await mooring.fetch(new Request(servers))
  expect(response.status).toBe(503)
  expect(response.headers.get("retry-after")).toBe("1")
})
