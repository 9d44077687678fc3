import { expect, test } from "vitest"
import { misbehavingAuthorizationServer } from "../../src/oauth/misbehavingAuthorizationServer.ts"
import { signIn } from "../../src/oauth/signIn.ts"
import { bothServers } from "../oauth/bothServers.ts"
import { listenForHost, startSignInHost } from "./startSignInHost.ts"

test("a host that publishes its client metadata document itself is known by that one", async () => {
  const clientMetadataUrl = "https://app.example/about/mcp-client.json"
  await using listening = await listenForHost()
  const fetched: Array<string> = []
  await using servers = await bothServers({
    dynamicRegistration: false,
    clientIdMetadataDocuments: async (url) => {
      fetched.push(url)
      return Response.json({
        client_id: clientMetadataUrl,
        client_name: "App",
        redirect_uris: [`${listening.origin}/v1/tools/mcp/oauth/callback`],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "none",
        application_type: "native",
      })
    },
  })
  await using host = await listening.start({ oauth: { clientMetadataUrl } })
  const alice = host.as("alice")
  const id = await alice.createServer(servers.mcpServer.url)
  const stream = await alice.signInTo(id)
  expect(await stream.last()).toMatchObject({ event: "success" })
  expect(new URL(await stream.authorizationUrl()).searchParams.get("client_id")).toBe(clientMetadataUrl)
  expect(fetched).toContain(clientMetadataUrl)
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
})

test("a document that would not be fetched over https is no option", async () => {
  for (const clientMetadataUrl of ["http://app.example/client.json", "app.example", "javascript:0"]) {
    await expect(startSignInHost({ oauth: { clientMetadataUrl } })).rejects.toThrow("clientMetadataUrl")
  }
})

const guessable = ["/authorize", "/token", "/register"]

test("endpoints of an MCP server that says nothing are not guessed, unless the host wants it", async () => {
  await using silent = await misbehavingAuthorizationServer("no_metadata")
  const { mcpServer } = silent
  const asked = () =>
    mcpServer.requests.filter(({ url }) => guessable.includes(new URL(url, mcpServer.url).pathname))
  {
    await using host = await startSignInHost()
    const alice = host.as("alice")
    const stream = await alice.connect(await alice.createServer(mcpServer.url))
    expect(await stream.last()).toMatchObject({ event: "error", code: "discovery_failed" })
    expect(asked()).toStrictEqual([])
  }
  await using host = await startSignInHost({ oauth: { serversWithoutMetadata: true } })
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url)
  const stream = await alice.connect(id)
  const url = new URL(await stream.authorizationUrl())
  expect(url.origin + url.pathname).toBe(new URL("/authorize", mcpServer.url).href)
  // MCP 2025-03-26 demands PKCE of everybody.
  expect(url.searchParams.get("code_challenge_method")).toBe("S256")
})

test("that wish is for servers that say nothing: what others say, and do not say, is not replaced", async () => {
  for (const kind of [
    "no_server_metadata",
    "metadata_of_another_issuer",
    "pkce_not_advertised",
    "token_endpoint_http",
  ] as const) {
    await using bad = await misbehavingAuthorizationServer(kind)
    await using host = await startSignInHost({ oauth: { serversWithoutMetadata: true } })
    const alice = host.as("alice")
    const stream = await alice.connect(await alice.createServer(bad.mcpServer.url))
    expect(await stream.names(), kind).toStrictEqual(["connection_attempt", "oauth_required", "error"])
    const paths = [...bad.requests.map(({ path }) => path), ...bad.mcpServer.requests.map(({ url }) => url)]
    expect(
      paths.filter((path) => guessable.includes(path)),
      kind,
    ).toStrictEqual([])
  }
})

test("a server that has metadata is signed in to by them, with that wish as well", async () => {
  await using servers = await bothServers()
  await using host = await startSignInHost({ oauth: { serversWithoutMetadata: true } })
  const alice = host.as("alice")
  const id = await alice.createServer(servers.mcpServer.url)
  const stream = await alice.connect(id)
  const url = await stream.authorizationUrl()
  expect(new URL(url).origin).toBe(servers.server.issuer)
  await fetch(await signIn(url))
  expect(await stream.last()).toMatchObject({ event: "success" })
})
