import { describe, expect, it, vi } from "vitest"
import { bothServers } from "./bothServers.ts"
import { statusWith } from "./mcpRequests.ts"
import { signedIn } from "./signedIn.ts"
import { refreshed, revoked } from "./tokenRequests.ts"

const offline = { scope: "mcp:read offline_access" }

describe("refresh tokens", () => {
  it("rotate, and used twice they end the whole grant", async () => {
    await using there = await bothServers()
    const { mcpServer, server } = there
    const client = await signedIn(mcpServer.url, offline)
    const first = client.current?.refresh_token
    const second = await refreshed(server.issuer, client, first)
    expect(second).toMatchObject({
      status: 200,
      body: { access_token: expect.any(String), scope: "mcp:read", refresh_token: expect.any(String) },
    })
    expect(second.body["refresh_token"]).not.toBe(first)
    expect(await statusWith(mcpServer.url, second.body["access_token"])).toBe(200)

    const reused = await refreshed(server.issuer, client, first)
    expect(reused).toMatchObject({ status: 400, body: { error: "invalid_grant" } })
    expect(server.refusals).toEqual(["invalid_grant: refresh token already used"])
    const afterwards = await refreshed(server.issuer, client, second.body["refresh_token"])
    expect(afterwards).toMatchObject({ status: 400, body: { error: "invalid_grant" } })
    expect(await statusWith(mcpServer.url, second.body["access_token"])).toBe(401)
  })

  it("survive one of ten parallel uses at most", async () => {
    await using there = await bothServers()
    const client = await signedIn(there.mcpServer.url, offline)
    const token = client.current?.refresh_token
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => refreshed(there.server.issuer, client, token)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it("can be used again for as long as there is grace", async () => {
    await using there = await bothServers({ refreshTokenRotation: { reuseGraceMs: 5000 } })
    const client = await signedIn(there.mcpServer.url, offline)
    const first = client.current?.refresh_token
    const answers = [
      await refreshed(there.server.issuer, client, first),
      await refreshed(there.server.issuer, client, first),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(new Set([first, ...answers.map(({ body }) => body["refresh_token"])]).size).toBe(3)

    // Date.now alone: the server's own timers go on.
    using clock = vi.spyOn(Date, "now")
    clock.mockReturnValue(Date.now() + 6000)
    expect(await refreshed(there.server.issuer, client, first)).toMatchObject({ status: 400 })
    expect(there.server.refusals).toEqual(["invalid_grant: refresh token already used"])
  })

  it("stay where there is no rotation", async () => {
    await using there = await bothServers({ refreshTokenRotation: false })
    const client = await signedIn(there.mcpServer.url, offline)
    const first = client.current?.refresh_token
    for (let use = 0; use < 2; use++) {
      const answer = await refreshed(there.server.issuer, client, first)
      expect(answer).toMatchObject({ status: 200, body: { refresh_token: first } })
    }
  })

  it.each([
    ["offline_access", "mcp:read offline_access", true],
    ["always", "mcp:read offline_access", true],
    ["never", "mcp:read offline_access", false],
  ] as const)("are given %s, to who asks for %s: %s", async (refreshTokens, scope, given) => {
    await using there = await bothServers({ refreshTokens })
    const { current } = await signedIn(there.mcpServer.url, { scope })
    expect(current?.refresh_token !== undefined).toBe(given)
  })

  it("are not given to who asks for no scope, unless always", async () => {
    // Without a scope the client does not add `offline_access` to it.
    await using there = await bothServers()
    expect((await signedIn(there.mcpServer.url)).current).not.toHaveProperty("refresh_token")
    await using generous = await bothServers({ refreshTokens: "always" })
    expect((await signedIn(generous.mcpServer.url)).current).toHaveProperty("refresh_token")
  })

  it("belong to their client", async () => {
    await using there = await bothServers()
    const mine = await signedIn(there.mcpServer.url, offline)
    const another = await signedIn(there.mcpServer.url, { ...offline, user: "bob" })
    const answer = await refreshed(there.server.issuer, another, mine.current?.refresh_token)
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_grant" } })
    await revoked(there.server.issuer, another, mine.current?.refresh_token)
    expect(await statusWith(there.mcpServer.url, mine.current?.access_token)).toBe(200)
  })

  it("are for their resource, also where a request does not name it", async () => {
    await using there = await bothServers()
    const { mcpServer, server } = there
    const client = await signedIn(mcpServer.url, { scope: "openid mcp:read offline_access" })
    const second = await refreshed(server.issuer, client, client.current?.refresh_token)
    expect(await server.findAccessToken(String(second.body["access_token"]))).toMatchObject({
      audience: mcpServer.url,
    })
    const resource = "https://another.example/mcp"
    const other = await refreshed(server.issuer, client, second.body["refresh_token"], { resource })
    expect(other).toMatchObject({ status: 400, body: { error: "invalid_target" } })
  })
})

describe("revocation", () => {
  it.each(["access_token", "refresh_token"] as const)("of the %s ends both", async (which) => {
    await using there = await bothServers()
    const { mcpServer, server } = there
    const client = await signedIn(mcpServer.url, offline)
    expect(await revoked(server.issuer, client, client.current?.[which])).toMatchObject({ status: 200 })
    expect(await statusWith(mcpServer.url, client.current?.access_token)).toBe(401)
    const answer = await refreshed(server.issuer, client, client.current?.refresh_token)
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_grant" } })
  })

  it("does not reach JWTs", async () => {
    await using there = await bothServers({ accessTokenFormat: "jwt" })
    const { mcpServer, server } = there
    const client = await signedIn(mcpServer.url, offline)
    expect(await revoked(server.issuer, client, client.current?.access_token)).toMatchObject({
      status: 400,
      body: { error: "unsupported_token_type" },
    })
    expect(await revoked(server.issuer, client, client.current?.refresh_token)).toMatchObject({ status: 200 })
    expect(await statusWith(mcpServer.url, client.current?.access_token)).toBe(200)
  })
})
