import { describe, expect, it } from "vitest"
import {
  misbehavingAuthorizationServer,
  type MisbehavingAuthorizationServer,
} from "../../src/oauth/misbehavingAuthorizationServer.ts"
import { readyFor } from "./flowAt.ts"
import { statusWith } from "./mcpRequests.ts"
import { expectSilence, readSome } from "./strangeAnswers.ts"

const tokens = (bad: MisbehavingAuthorizationServer) => bad.requests.filter(({ path }) => path === "/token")

describe.each(["code", "refresh"] as const)("misbehavingAuthorizationServer, answers to a %s", (request) => {
  it("hangs", async () => {
    await using bad = await misbehavingAuthorizationServer(`${request}_hangs`)
    const { ask } = await readyFor(request, bad)
    await expectSilence(bad, "/token", ask)
  })

  it("answer_lost uses it up", async () => {
    await using bad = await misbehavingAuthorizationServer(`${request}_answer_lost`)
    const { ask } = await readyFor(request, bad)
    await expect(ask().then((answer) => answer.text())).rejects.toThrow()
    await expect(ask().then((answer) => answer.text())).rejects.toThrow()
    expect(tokens(bad)).toHaveLength(request === "code" ? 2 : 3)
  })

  it.each([
    ["status_503", 503, "<h1>Service Unavailable</h1>"],
    ["garbage", 200, "<p>Welcome"],
    ["invalid_grant", 400, '{"error":"invalid_grant"}'],
    ["invalid_client", 401, '{"error":"invalid_client"}'],
  ] as const)("%s", async (kind, status, text) => {
    await using bad = await misbehavingAuthorizationServer(`${request}_${kind}`)
    const answer = await (await readyFor(request, bad)).ask()
    expect(answer.status).toBe(status)
    expect(await answer.text()).toBe(text)
  })

  it("endless", async () => {
    await using bad = await misbehavingAuthorizationServer(`${request}_endless`)
    const answer = await (await readyFor(request, bad)).ask()
    expect(await readSome(answer, 5_000_000)).toBeGreaterThan(5_000_000)
  })

  it.each([
    ["echoes_request", true],
    ["echoes_request_as_text", false],
  ] as const)("%s tells every secret, a client's too", async (kind, isJson) => {
    await using bad = await misbehavingAuthorizationServer(`${request}_${kind}`)
    const { ask, secrets } = await readyFor(request, bad)
    const answer = await ask()
    expect(answer.status).toBe(400)
    const text = await answer.text()
    expect(secrets).toHaveLength(request === "code" ? 4 : 3)
    for (const secret of secrets) expect(text).toContain(secret)
    if (isJson) expect(JSON.parse(text)).toMatchObject({ error: "invalid_request" })
    else expect(() => JSON.parse(text)).toThrow(SyntaxError)
  })

  it("redirect_to_other_origin tells whether it was followed", async () => {
    await using bad = await misbehavingAuthorizationServer(`${request}_redirect_to_other_origin`)
    const { ask, secrets } = await readyFor(request, bad)
    const answer = await ask()
    expect(answer.status).toBe(307)
    const location = answer.headers.get("location") ?? ""
    expect(new URL(location).origin).not.toBe(bad.issuer)
    expect(bad.redirected).toEqual([])
    const body = tokens(bad).at(-1)?.body ?? ""
    const followed = await fetch(location, { method: "POST", body: new URLSearchParams(body) })
    expect(await followed.json()).toMatchObject({ access_token: "access-of-another-origin" })
    expect(bad.redirected).toMatchObject([
      { path: "/token", body: expect.stringContaining(secrets[0] ?? "") },
    ])
  })

  it("redirect_to_link_local", async () => {
    await using bad = await misbehavingAuthorizationServer(`${request}_redirect_to_link_local`)
    const answer = await (await readyFor(request, bad)).ask()
    expect(answer.status).toBe(307)
    expect(answer.headers.get("location")).toBe("http://169.254.169.254/latest/meta-data/")
  })

  it.each([
    ["expires_in_zero", 0],
    ["expires_in_negative", -3600],
    ["expires_in_huge", 1e300],
    ["expires_in_string", "3600"],
  ] as const)("%s with tokens that work", async (kind, value) => {
    await using bad = await misbehavingAuthorizationServer(`${request}_${kind}`)
    const answer = await (await readyFor(request, bad)).ask()
    expect(answer.status).toBe(200)
    const body: unknown = await answer.json()
    expect(body).toMatchObject({ expires_in: value, refresh_token: expect.any(String), scope: "mcp:read" })
    const token = typeof body === "object" && body !== null ? Reflect.get(body, "access_token") : undefined
    expect(await statusWith(bad.mcpServer.url, token)).toBe(200)
  })
})

describe("misbehavingAuthorizationServer, refreshes", () => {
  it("refresh_without_scope", async () => {
    await using bad = await misbehavingAuthorizationServer("refresh_without_scope")
    const body: unknown = await (await (await readyFor("refresh", bad)).ask()).json()
    expect(body).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) })
    expect(body).not.toHaveProperty("scope")
  })

  it("refresh_without_refresh_token keeps the old one", async () => {
    await using bad = await misbehavingAuthorizationServer("refresh_without_refresh_token")
    const { ask } = await readyFor("refresh", bad)
    for (let use = 0; use < 2; use++) {
      const answer = await ask()
      expect(answer.status).toBe(200)
      const body: unknown = await answer.json()
      expect(body).toMatchObject({ access_token: expect.any(String), scope: "mcp:read" })
      expect(body).not.toHaveProperty("refresh_token")
    }
  })
})
