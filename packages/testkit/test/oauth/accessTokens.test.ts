import { describe, expect, it } from "vitest"
import { protectedMcpServer } from "../../src/oauth/protectedMcpServer.ts"
import { signIn } from "../../src/oauth/signIn.ts"
import { bothServers } from "./bothServers.ts"
import { statusWith } from "./mcpRequests.ts"
import { begun, signedIn } from "./signedIn.ts"
import { exchanged } from "./tokenRequests.ts"

describe("access tokens", () => {
  it.each(["opaque", "jwt"] as const)("are %s, for one resource, and expire", async (accessTokenFormat) => {
    let now = Date.now()
    await using there = await bothServers({ accessTokenFormat, accessTokenSeconds: 100 }, { now: () => now })
    await using elsewhere = await bothServers({ accessTokenFormat })
    const { mcpServer, server } = there
    const { current } = await signedIn(mcpServer.url, { scope: "mcp:read" })
    const token = current?.access_token ?? ""
    expect(token.split(".")).toHaveLength(accessTokenFormat === "jwt" ? 3 : 1)
    expect(current).toMatchObject({ expires_in: 100, scope: "mcp:read", token_type: "Bearer" })
    expect(await server.findAccessToken(token)).toEqual({
      subject: "alice",
      audience: mcpServer.url,
      scopes: ["mcp:read"],
      expiresAt: expect.any(Number),
      number: 1,
    })
    expect(await statusWith(mcpServer.url, token)).toBe(200)
    expect(await statusWith(elsewhere.mcpServer.url, token)).toBe(401)
    now += 101_000
    expect(await statusWith(mcpServer.url, token)).toBe(401)
  })

  it("do not pass at another resource of the same server, nor changed", async () => {
    await using there = await bothServers()
    await using another = await protectedMcpServer({ authorizationServer: there.server })
    const { current } = await signedIn(there.mcpServer.url)
    const token = current?.access_token ?? ""
    expect(await statusWith(there.mcpServer.url, token)).toBe(200)
    expect(await statusWith(there.mcpServer.url, `${token}x`)).toBe(401)
    expect(await statusWith(another.url, token)).toBe(401)
  })

  it("have no audience where resource indicators are ignored", async () => {
    await using there = await bothServers({ resourceIndicators: false })
    const { current } = await signedIn(there.mcpServer.url)
    const token = await there.server.findAccessToken(current?.access_token ?? "")
    expect(token).toMatchObject({ audience: undefined, scopes: ["mcp:read", "mcp:write"] })
    expect(await statusWith(there.mcpServer.url, current?.access_token)).toBe(200)
  })

  it("do not pass where a client has not said what they are for", async () => {
    await using there = await bothServers()
    const { authorizationUrl, client } = await begun(there.mcpServer.url)
    authorizationUrl.searchParams.delete("resource")
    const callback = await signIn(authorizationUrl)
    const { body } = await exchanged(there.server.issuer, client, callback, client.codeVerifier())
    const token = String(body["access_token"])
    expect(await there.server.findAccessToken(token)).toMatchObject({ audience: undefined })
    expect(await statusWith(there.mcpServer.url, token)).toBe(401)
  })

  it("are not given for a resource that nobody knows", async () => {
    await using there = await bothServers(
      {},
      {
        // A resource that contains the MCP server, so that the client takes it.
        resourceMetadata: (metadata) => ({
          ...metadata,
          resource: new URL("/", String(metadata["resource"])).href,
        }),
      },
    )
    const { authorizationUrl } = await begun(there.mcpServer.url)
    expect((await signIn(authorizationUrl)).searchParams.get("error")).toBe("invalid_target")
    expect(there.server.refusals).toEqual(["invalid_target: there is no such resource"])
  })
})
