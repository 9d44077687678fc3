import { describe, expect, it } from "vitest"
import { authorizationServer } from "../../src/oauth/authorizationServer.ts"
import { protectedMcpServer } from "../../src/oauth/protectedMcpServer.ts"
import { signIn } from "../../src/oauth/signIn.ts"
import { statusWith } from "./mcpRequests.ts"
import { exchanged } from "./tokenRequests.ts"
import { bothServers } from "./bothServers.ts"
import { begun, finished, signedIn } from "./signedIn.ts"

const metadataOf = async (issuer: string, name: string) => {
  const answer = await fetch(new URL(`/.well-known/${name}`, issuer))
  const body: unknown = answer.ok ? await answer.json() : undefined
  return body
}

describe("authorizationServer", () => {
  it("has the metadata of RFC 8414 and of OpenID Connect", async () => {
    await using server = await authorizationServer()
    const metadata = await metadataOf(server.issuer, "oauth-authorization-server")
    expect(metadata).toEqual(await metadataOf(server.issuer, "openid-configuration"))
    expect(metadata).toMatchObject({
      issuer: server.issuer,
      authorization_endpoint: `${server.issuer}/authorize`,
      token_endpoint: `${server.issuer}/token`,
      registration_endpoint: `${server.issuer}/register`,
      revocation_endpoint: `${server.issuer}/revoke`,
      code_challenge_methods_supported: ["S256"],
      scopes_supported: ["openid", "offline_access", "mcp:read", "mcp:write"],
      authorization_response_iss_parameter_supported: true,
    })
    expect(metadata).not.toHaveProperty("client_id_metadata_document_supported")
    expect(server.requests).toMatchObject([
      { method: "GET", path: "/.well-known/oauth-authorization-server", query: {}, form: {}, body: "" },
      { method: "GET", path: "/.well-known/openid-configuration" },
    ])
  })

  it("leaves out of them what it was told to leave out", async () => {
    await using server = await authorizationServer({ dynamicRegistration: false, revocation: false })
    const metadata = await metadataOf(server.issuer, "oauth-authorization-server")
    expect(metadata).not.toHaveProperty("registration_endpoint")
    expect(metadata).not.toHaveProperty("revocation_endpoint")
    for (const path of ["/register", "/revoke"]) {
      expect((await fetch(server.issuer + path, { method: "POST" })).status).toBe(404)
    }
  })

  it.each([
    ["oauth", "oauth-authorization-server", "openid-configuration"],
    ["openid", "openid-configuration", "oauth-authorization-server"],
  ] as const)("serves only the metadata %s, below a path too", async (metadata, served, hidden) => {
    await using there = await bothServers({ metadata, path: "/tenant" })
    const { mcpServer, server } = there
    expect(server.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/tenant$/)
    expect(await metadataOf(server.issuer, `${served}/tenant`)).toMatchObject({ issuer: server.issuer })
    expect(await metadataOf(server.issuer, `${hidden}/tenant`)).toBeUndefined()
    const { current } = await signedIn(mcpServer.url)
    expect(await statusWith(mcpServer.url, current?.access_token)).toBe(200)
  })

  it("records forms, JSON and headers", async () => {
    await using there = await bothServers()
    const { mcpServer, server } = there
    const before = Date.now()
    const { client } = await signedIn(mcpServer.url, { scope: "mcp:read" })
    const [registration] = server.requests.filter(({ path }) => path === "/register")
    expect(registration).toMatchObject({
      method: "POST",
      json: { client_name: "testkit", token_endpoint_auth_method: "none" },
      headers: { "content-type": "application/json" },
    })
    const [authorization] = server.requests.filter(({ path }) => path === "/authorize")
    expect(authorization?.query).toMatchObject({
      client_id: client?.client_id,
      resource: mcpServer.url,
      scope: "mcp:read offline_access",
      code_challenge_method: "S256",
    })
    const [token] = server.requests.filter(({ path }) => path === "/token")
    expect(token?.form).toMatchObject({ grant_type: "authorization_code", resource: mcpServer.url })
    expect(token?.body).toContain("code_verifier=")
    expect(token?.time).toBeGreaterThanOrEqual(before)
    expect(token?.time).toBeLessThanOrEqual(Date.now())
  })

  it("sends its issuer along, with a code as with a refusal", async () => {
    await using there = await bothServers()
    const { mcpServer, server } = there
    const { authorizationUrl } = await begun(mcpServer.url)
    const allowed = await signIn(authorizationUrl)
    expect(`${allowed.origin}${allowed.pathname}`).toBe("http://127.0.0.1:9/callback")
    expect(Object.fromEntries(allowed.searchParams)).toEqual({
      code: expect.any(String),
      state: "the-state",
      iss: server.issuer,
    })
    const refused = await signIn(authorizationUrl, { allow: false })
    expect(Object.fromEntries(refused.searchParams)).toMatchObject({
      error: "access_denied",
      state: "the-state",
      iss: server.issuer,
    })
    expect(refused.searchParams.has("code")).toBe(false)
  })

  it("takes a code once, and ends its tokens when it comes again", async () => {
    await using there = await bothServers()
    const { mcpServer, server } = there
    const { authorizationUrl, client } = await begun(mcpServer.url)
    const callback = await signIn(authorizationUrl)
    await finished(client, mcpServer.url, callback)
    const token = client.current?.access_token
    expect(await statusWith(mcpServer.url, token)).toBe(200)
    const form = server.requests.find(({ path }) => path === "/token")?.form ?? {}
    const again = await fetch(`${server.issuer}/token`, { method: "POST", body: new URLSearchParams(form) })
    expect(await again.json()).toMatchObject({ error: "invalid_grant" })
    expect(server.refusals).toEqual(["invalid_grant: authorization code already consumed"])
    expect(await statusWith(mcpServer.url, token)).toBe(401)
  })

  it("wants PKCE with S256", async () => {
    await using there = await bothServers()
    const { authorizationUrl } = await begun(there.mcpServer.url)
    const plain = new URL(authorizationUrl)
    plain.searchParams.set("code_challenge_method", "plain")
    const without = new URL(authorizationUrl)
    without.searchParams.delete("code_challenge_method")
    without.searchParams.delete("code_challenge")
    for (const url of [plain, without]) {
      expect((await signIn(url)).searchParams.get("error")).toBe("invalid_request")
    }
    const { authorizationUrl: good, client } = await begun(there.mcpServer.url)
    const wrong = "another-verifier-than-the-one-of-the-challenge"
    expect(await exchanged(there.server.issuer, client, await signIn(good), wrong)).toMatchObject({
      status: 400,
      body: { error: "invalid_grant" },
    })
    expect(there.server.refusals.at(-1)).toMatch(/^invalid_grant/)
  })

  it("holds or answers a request in its place", async () => {
    const reached = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    await using server = await authorizationServer({
      intercept: async ({ path }) => {
        if (path === "/register") return new Response("Not now", { status: 503 })
        reached.resolve()
        await gate.promise
        return undefined
      },
    })
    expect((await fetch(`${server.issuer}/register`, { method: "POST" })).status).toBe(503)
    let answered = false
    const held = metadataOf(server.issuer, "oauth-authorization-server").then((metadata) => {
      answered = true
      return metadata
    })
    await reached.promise
    expect(answered).toBe(false)
    gate.resolve()
    expect(await held).toMatchObject({ issuer: server.issuer })
  })

  it("closes twice, and with a request open", async () => {
    const reached = Promise.withResolvers<void>()
    const server = await authorizationServer({
      intercept: () => {
        reached.resolve()
        return new Promise<undefined>(() => {})
      },
    })
    const open = expect(fetch(server.issuer)).rejects.toThrow()
    await reached.promise
    await server.close()
    await server.close()
    await open
  })
})

describe("signIn", () => {
  it("tells what the page said where there is an error", async () => {
    await using there = await bothServers()
    const { authorizationUrl } = await begun(there.mcpServer.url)
    await expect(signIn(authorizationUrl, { user: "carol" })).rejects.toThrow("400")
    const elsewhere = new URL(authorizationUrl)
    elsewhere.searchParams.set("redirect_uri", "https://evil.example/callback")
    await expect(signIn(elsewhere)).rejects.toThrow("invalid_redirect_uri")
  })

  it("is a user of the given ones", async () => {
    await using server = await authorizationServer({ users: ['"><b>carol', "dave"] })
    await using mcpServer = await protectedMcpServer({ authorizationServer: server })
    for (const user of ['"><b>carol', "dave"]) {
      const { current } = await signedIn(mcpServer.url, { user })
      expect(await server.findAccessToken(current?.access_token ?? "")).toMatchObject({ subject: user })
    }
  })
})
