import { expect, test } from "vitest"
import { authorizationServer, type TestAuthorizationServer } from "../../src/oauth/authorizationServer.ts"
import { listenForOAuth } from "../../src/oauth/listenForOAuth.ts"
import { bothServers } from "../oauth/bothServers.ts"
import { machine, machineOAuth } from "../grants/machine.ts"
import { listenForHost, type ListeningHost } from "./startSignInHost.ts"

const callbackOf = ({ origin }: ListeningHost) => `${origin}/v1/tools/mcp/oauth/callback`

/** An MCP server that names what it is told in place of its own authorization server, which is told as well. */
const startNaming = (
  name: (own: string) => ReadonlyArray<string>,
  options: Parameters<typeof bothServers>[0] = {},
) =>
  bothServers(options, {
    resourceMetadata: (metadata) => ({
      ...metadata,
      authorization_servers: name(
        String(Array.isArray(metadata["authorization_servers"]) ? metadata["authorization_servers"][0] : ""),
      ),
    }),
  })

const asked = ({ requests }: Pick<TestAuthorizationServer, "requests">) => requests.map(({ path }) => path)

test("the first that has metadata of its own is taken", async () => {
  await using empty = await listenForOAuth(() => new Response(null, { status: 404 })).then(disposable)
  await using liar = await listenForOAuth(() =>
    Response.json({
      issuer: "https://honest.example",
      authorization_endpoint: "https://honest.example/authorize",
      token_endpoint: "https://honest.example/token",
      response_types_supported: ["code"],
    }),
  ).then(disposable)
  for (const before of [empty.origin, liar.origin, "http://10.0.0.1", "https://never.invalid"]) {
    await using servers = await startNaming((own) => [before, own])
    await using listening = await listenForHost()
    const alice = (await listening.start()).as("alice")
    const id = await alice.createServer(servers.mcpServer.url)
    expect(await (await alice.signInTo(id)).last()).toMatchObject({ event: "success" })
    expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  }
})

test("where none answers, it is told what is wrong with the first; and no more than three are asked", async () => {
  const seen: Array<string> = []
  await using many = await listenForOAuth(({ path }) => {
    seen.push(path)
    return new Response(null, { status: 404 })
  }).then(disposable)
  await using servers = await startNaming((own) => [
    ...Array.from({ length: 1_000 }, (_, number) => `${many.origin}/tenant-${number}`),
    own,
  ])
  await using listening = await listenForHost()
  const alice = (await listening.start()).as("alice")
  const stream = await alice.connect(await alice.createServer(servers.mcpServer.url))
  expect(await stream.last()).toMatchObject({ event: "error", code: "discovery_failed" })
  expect(new Set(seen.map((path) => /tenant-\d+/.exec(path)?.[0])).size).toBe(3)
})

test("one at which the host, or the config, has a client is taken, and no other is asked", async () => {
  for (const where of ["host", "config"] as const) {
    await using listening = await listenForHost()
    const clientId = "registered"
    await using first = await authorizationServer()
    await using servers = await startNaming((own) => [first.issuer, own], {
      clients: [{ clientId, redirectUris: [callbackOf(listening)] }],
      dynamicRegistration: false,
    })
    const { mcpServer, server } = servers
    const client = { issuer: server.issuer, clientId }
    const host = await listening.start(where === "host" ? { oauth: { clients: [client] } } : {})
    const alice = host.as("alice")
    const oauth = where === "config" ? { oauth: { client_id: clientId, issuer: server.issuer } } : {}
    const id = await alice.createServer(mcpServer.url, oauth)
    expect(await (await alice.signInTo(id)).last()).toMatchObject({ event: "success" })
    expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
    expect(asked(first)).toStrictEqual([])
    expect(server.refusals).toStrictEqual([])
  }
})

test("a grant for one of them goes there, wherever it stands", async () => {
  await using first = await authorizationServer()
  await using servers = await startNaming((own) => [first.issuer, own], { clients: [machine] })
  await using listening = await listenForHost()
  const alice = (await listening.start()).as("alice")
  const id = await alice.createServer(servers.mcpServer.url, { oauth: machineOAuth(servers.server.issuer) })
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: machine.clientId } })
  expect(asked(first)).toStrictEqual([])
})

const disposable = <Listener extends { readonly close: () => Promise<void> }>(listener: Listener) => ({
  ...listener,
  [Symbol.asyncDispose]: listener.close,
})
