import { describe, expect, it } from "vitest"
import { signIn } from "../../src/oauth/signIn.ts"
import { bothServers } from "./bothServers.ts"
import { initialized, statusWith } from "./mcpRequests.ts"
import { begun, signedIn } from "./signedIn.ts"
import { exchanged } from "./tokenRequests.ts"

const redirectUri = "http://127.0.0.1:9/callback"

describe("clients of the authorization server", () => {
  it("can be known beforehand, without a secret", async () => {
    await using there = await bothServers({
      dynamicRegistration: false,
      clients: [{ clientId: "known", redirectUris: [redirectUri] }],
    })
    const { issuer } = there.server
    const { current } = await signedIn(there.mcpServer.url, { client: { client_id: "known", issuer } })
    expect(await statusWith(there.mcpServer.url, current?.access_token)).toBe(200)
    await expect(signedIn(there.mcpServer.url)).rejects.toThrow(
      "does not support dynamic client registration",
    )
    await expect(signedIn(there.mcpServer.url, { client: { client_id: "unknown", issuer } })).rejects.toThrow(
      "invalid_client",
    )
  })

  it.each(["client_secret_basic", "client_secret_post"] as const)(
    "can have a secret, by %s",
    async (authMethod) => {
      const secret = "a-secret"
      await using there = await bothServers({
        clients: [{ clientId: "known", clientSecret: secret, authMethod, redirectUris: [redirectUri] }],
      })
      const { issuer } = there.server
      const client = {
        client_id: "known",
        client_secret: secret,
        token_endpoint_auth_method: authMethod,
        issuer,
      }
      const { current } = await signedIn(there.mcpServer.url, { client })
      expect(await statusWith(there.mcpServer.url, current?.access_token)).toBe(200)
      const token = there.server.requests.find(({ path }) => path === "/token")
      expect(token?.headers["authorization"]).toBe(
        authMethod === "client_secret_basic" ? `Basic ${btoa(`known:${secret}`)}` : undefined,
      )
      expect(token?.form["client_secret"]).toBe(authMethod === "client_secret_post" ? secret : undefined)

      const { authorizationUrl, client: forgetful } = await begun(there.mcpServer.url, { client })
      const callback = await signIn(authorizationUrl)
      const answer = await exchanged(there.server.issuer, forgetful, callback, forgetful.codeVerifier())
      expect(answer).toMatchObject({ status: 401, body: { error: "invalid_client" } })

      // A secret is no reason to go without PKCE.
      authorizationUrl.searchParams.delete("code_challenge")
      authorizationUrl.searchParams.delete("code_challenge_method")
      expect((await signIn(authorizationUrl)).searchParams.get("error")).toBe("invalid_request")
    },
  )

  it("can be metadata documents", async () => {
    const clientMetadataUrl = "https://mooring.example/client-metadata.json"
    const asked: Array<string> = []
    await using there = await bothServers({
      dynamicRegistration: false,
      clientIdMetadataDocuments: async (url) => {
        asked.push(url)
        return Response.json({
          client_id: url,
          client_name: "Mooring",
          redirect_uris: ["https://mooring.example/callback"],
          grant_types: ["authorization_code", "refresh_token"],
          token_endpoint_auth_method: "none",
        })
      },
    })
    const metadata = await fetch(`${there.server.issuer}/.well-known/oauth-authorization-server`)
    expect(await metadata.json()).toMatchObject({ client_id_metadata_document_supported: true })
    const client = await signedIn(there.mcpServer.url, {
      clientMetadataUrl,
      redirectUri: "https://mooring.example/callback",
    })
    expect(client.client?.client_id).toBe(clientMetadataUrl)
    expect(asked).toEqual([clientMetadataUrl])
    expect(await statusWith(there.mcpServer.url, client.current?.access_token)).toBe(200)
    await expect(
      signedIn(there.mcpServer.url, { clientMetadataUrl, redirectUri: "https://evil.example/callback" }),
    ).rejects.toThrow("invalid_redirect_uri")
  })

  it("are held to the scope that they registered with", async () => {
    await using there = await bothServers()
    const { client } = await signedIn(there.mcpServer.url, { scope: "mcp:read" })
    const more = await begun(there.mcpServer.url, {
      scope: "mcp:read mcp:write",
      ...(client === undefined ? {} : { client }),
    })
    const callback = await signIn(more.authorizationUrl)
    expect(callback.searchParams.get("error")).toBe("invalid_scope")
    expect((await initialized(there.mcpServer.url)).status).toBe(401)
  })
})
