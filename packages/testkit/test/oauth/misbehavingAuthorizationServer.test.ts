import { describe, expect, it, vi } from "vitest"
import { legacyServer } from "../../src/mcp-servers/legacyServer.ts"
import { modernServer } from "../../src/mcp-servers/modernServer.ts"
import {
  misbehavingAuthorizationServer,
  type MisbehavingAuthorizationServer,
  misbehavingAuthorizationServerKinds,
} from "../../src/oauth/misbehavingAuthorizationServer.ts"
import { expectSilence, readSome } from "./strangeAnswers.ts"
import { clientWith, initialized, statusWith } from "./mcpRequests.ts"
import { begun, signedIn } from "./signedIn.ts"
import { refreshed } from "./tokenRequests.ts"

const metadataAt = ({ issuer }: MisbehavingAuthorizationServer, headers: Record<string, string> = {}) =>
  fetch(`${issuer}/.well-known/oauth-authorization-server`, { headers })

const paths = ({ requests }: MisbehavingAuthorizationServer) => requests.map(({ path }) => path)

describe.each([
  ["legacyServer", legacyServer],
  ["modernServer", modernServer],
] as const)("misbehavingAuthorizationServer with %s", (_name, start) => {
  it("does well where its fault is elsewhere", async () => {
    await using bad = await misbehavingAuthorizationServer("revocation_refused", { start })
    const { issuer, mcpServer } = bad
    const client = await signedIn(mcpServer.url)
    await using connected = await clientWith(mcpServer.url, client.current?.access_token)
    expect(await connected.callTool({ name: "whoami" })).toMatchObject({ content: [{ text: "mallory" }] })

    mcpServer.revokeAll()
    expect(await statusWith(mcpServer.url, client.current?.access_token)).toBe(401)
    const { body, status } = await refreshed(issuer, client, client.current?.refresh_token)
    expect(status).toBe(200)
    expect(await statusWith(mcpServer.url, body["access_token"])).not.toBe(401)
    expect(await refreshed(issuer, client, client.current?.refresh_token)).toMatchObject({ status: 400 })
    expect(paths(bad)).toEqual([
      "/.well-known/oauth-authorization-server",
      "/register",
      "/authorize",
      "/token",
      "/token",
      "/token",
    ])
  })
})

describe("misbehavingAuthorizationServer, what is said of where to sign in", () => {
  it.each(["no_server_metadata", "no_metadata"] as const)(
    "%s lets a client in that guesses",
    async (kind) => {
      await using bad = await misbehavingAuthorizationServer(kind)
      expect((await metadataAt(bad)).status).toBe(404)
      expect((await fetch(bad.mcpServer.resourceMetadataUrl)).status).toBe(kind === "no_metadata" ? 404 : 200)
      // The bare client guesses.
      const { current } = await signedIn(bad.mcpServer.url)
      expect(await statusWith(bad.mcpServer.url, current?.access_token)).toBe(200)
      expect(paths(bad)).toEqual(expect.arrayContaining(["/register", "/authorize", "/token"]))
    },
  )

  it("resource_metadata_of_another_resource", async () => {
    await using bad = await misbehavingAuthorizationServer("resource_metadata_of_another_resource")
    const metadata = await fetch(bad.mcpServer.resourceMetadataUrl)
    expect(await metadata.json()).toMatchObject({ resource: "https://honest.example/mcp" })
    await expect(begun(bad.mcpServer.url)).rejects.toThrow("does not match")
  })

  it.each([
    [
      "resource_metadata_private_address",
      'Bearer resource_metadata="http://10.0.0.1/.well-known/oauth-protected-resource"',
    ],
    ["challenge_without_parameters", "Bearer"],
  ] as const)("%s challenges so", async (kind, challenge) => {
    await using bad = await misbehavingAuthorizationServer(kind)
    expect((await initialized(bad.mcpServer.url)).headers.get("www-authenticate")).toBe(challenge)
    const metadata = await fetch(bad.mcpServer.resourceMetadataUrl)
    expect(await metadata.json()).toMatchObject({ authorization_servers: [bad.issuer] })
  })

  it.each([
    ["metadata_of_another_issuer", { issuer: "https://honest.example" }],
    ["pkce_plain_only", { code_challenge_methods_supported: ["plain"] }],
    ["authorization_endpoint_http", { authorization_endpoint: "http://evil.example/authorize" }],
    ["authorization_endpoint_custom_scheme", { authorization_endpoint: "evil-app://authorize" }],
    ["authorization_endpoint_javascript", { authorization_endpoint: expect.stringMatching("^javascript:") }],
    [
      "authorization_endpoint_userinfo",
      { authorization_endpoint: "https://honest.example@evil.example/authorize" },
    ],
    [
      "authorization_endpoint_control_characters",
      { authorization_endpoint: "https://evil.example/auth\tor\r\nize" },
    ],
    ["token_endpoint_http", { token_endpoint: "http://evil.example/token" }],
  ] as const)("%s says so, and nothing else that is wrong", async (kind, wrong) => {
    await using bad = await misbehavingAuthorizationServer(kind)
    const { issuer } = bad
    expect(await (await metadataAt(bad)).json()).toEqual({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      registration_endpoint: `${issuer}/register`,
      revocation_endpoint: `${issuer}/revoke`,
      scopes_supported: ["mcp:read", "mcp:write"],
      response_types_supported: ["code"],
      grant_types_supported: ["authorization_code", "refresh_token"],
      token_endpoint_auth_methods_supported: ["none"],
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
      ...wrong,
    })
  })

  it("pkce_not_advertised says nothing of it", async () => {
    await using bad = await misbehavingAuthorizationServer("pkce_not_advertised")
    const metadata: unknown = await (await metadataAt(bad)).json()
    expect(metadata).toMatchObject({ issuer: bad.issuer })
    expect(metadata).not.toHaveProperty("code_challenge_methods_supported")
  })

  it("metadata_huge is good JSON of the given size, by default 100 MB", async () => {
    await using small = await misbehavingAuthorizationServer("metadata_huge", { bytes: 100_000 })
    const text = await (await metadataAt(small)).text()
    expect(text.length).toBeGreaterThan(100_000)
    expect(text.length).toBeLessThan(101_000)
    expect(JSON.parse(text)).toMatchObject({ issuer: small.issuer })
    await using huge = await misbehavingAuthorizationServer("metadata_huge")
    expect(await readSome(await metadataAt(huge), Infinity)).toBeGreaterThan(100_000_000)
  })

  it("metadata_endless does not end", async () => {
    await using bad = await misbehavingAuthorizationServer("metadata_endless")
    expect(await readSome(await metadataAt(bad), 5_000_000)).toBeGreaterThan(5_000_000)
  })

  it("metadata_hangs", async () => {
    await using bad = await misbehavingAuthorizationServer("metadata_hangs")
    await expectSilence(bad, "/.well-known/oauth-authorization-server", (signal) =>
      fetch(`${bad.issuer}/.well-known/oauth-authorization-server`, { signal }),
    )
  })

  it("records what leaks to it", async () => {
    await using bad = await misbehavingAuthorizationServer("pkce_not_advertised")
    await metadataAt(bad, { "x-api-key": "secret of the MCP server" })
    expect(bad.requests).toMatchObject([{ headers: { "x-api-key": "secret of the MCP server" } }])
  })
})

it("misbehavingAuthorizationServer has a list of its kinds", () => {
  expect(new Set(misbehavingAuthorizationServerKinds).size).toBe(misbehavingAuthorizationServerKinds.length)
  expect(misbehavingAuthorizationServerKinds).toHaveLength(59)
})

it.each(misbehavingAuthorizationServerKinds)("%s closes with requests open, and twice", async (kind) => {
  const bad = await misbehavingAuthorizationServer(kind, { bytes: 1000 })
  const open = Promise.allSettled(
    ["/.well-known/oauth-authorization-server", "/register", "/token"].map((path) =>
      fetch(bad.issuer + path, { method: path.startsWith("/.") ? "GET" : "POST", redirect: "manual" }).then(
        (answer) => answer.text(),
      ),
    ),
  )
  await vi.waitFor(() => expect(bad.requests).toHaveLength(3))
  await bad.close()
  await bad.close()
  await open
  await expect(fetch(bad.issuer)).rejects.toThrow()
  await expect(fetch(bad.mcpServer.url)).rejects.toThrow()
})
