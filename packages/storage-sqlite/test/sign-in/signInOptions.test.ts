import { generateKeyPairSync } from "node:crypto"
import { afterEach, expect, test } from "vitest"
import type { MooringOptions } from "@mooring/core"
import type { AuthorizationServerOptions } from "@mooring/testkit"
// By path: a host, its users and its servers as the testkit's own tests have them.
import { bothServers } from "../../../testkit/test/oauth/bothServers.ts"
import { machine, machineOAuth } from "../../../testkit/test/grants/machine.ts"
import { listenForHost, type SignInHost } from "../../../testkit/test/sign-in/startSignInHost.ts"
import { sqliteStores } from "../../src/index.ts"
import { keys } from "../faults/keys.ts"
import { temporaryFile, type TemporaryFile } from "../faults/temporaryFile.ts"

let closes: Array<() => unknown> = []
afterEach(async () => {
  for (const close of closes.toReversed()) await close()
  closes = []
})

/** Hosts on one file, one after the other or beside each other, behind one public URL. */
const startAll = async (
  options: AuthorizationServerOptions | ((callback: string) => AuthorizationServerOptions) = {},
  mcpOptions: Parameters<typeof bothServers>[1] = {},
) => {
  const listening = await listenForHost()
  closes.push(() => listening[Symbol.asyncDispose]())
  const callback = `${listening.origin}/v1/tools/mcp/oauth/callback`
  const servers = await bothServers(typeof options === "function" ? options(callback) : options, mcpOptions)
  closes.push(() => servers[Symbol.asyncDispose]())
  const folder: TemporaryFile = temporaryFile()
  closes.push(() => folder[Symbol.dispose]())

  /** The host at the public URL, or another node. */
  const start = async (hostOptions: Partial<MooringOptions> = {}, isOther = false): Promise<SignInHost> => {
    const there = isOther ? await listenForHost() : listening
    const host = await there.start({
      publicUrl: listening.origin,
      stores: sqliteStores({ file: folder.file, keys }),
      ...hostOptions,
    })
    closes.push(isOther ? host.close : () => host.mooring.close())
    return host
  }
  return { ...servers, start, folder }
}

/** A part of a JWT, as it is. */
const partOf = (jwt: unknown, index: 0 | 1): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(jwt).split(".")[index] ?? "", "base64url").toString())

/** The two numbers of the public key that a proof of possession brings. */
const keyOf = (proof: unknown): ReadonlyArray<string> => {
  const { jwk } = partOf(proof, 0)
  return [...JSON.stringify(jwk).matchAll(/"[xy]":"([\w-]{43})"/g)].map(([, number = ""]) => number)
}

test("a key that tokens are bound to signs after a restart, and for other nodes, and is in the file in no form", async () => {
  const { folder, mcpServer, server, start } = await startAll({ dpop: true })
  const oauth = { dpop: true }
  const first = await start({ oauth })
  const id = await first.as("alice").createServer(mcpServer.url)
  expect(await (await first.as("alice").signInTo(id)).last()).toMatchObject({ event: "success" })
  expect(await first.as("alice").whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  await first.mooring.close()

  const second = await start({ oauth })
  // It needs no option for what was bound before.
  const third = await start({}, true)
  for (const host of [second, third]) {
    expect(await host.as("alice").whoami(id)).toMatchObject({ body: { func_return: "alice" } })
    mcpServer.revokeAll()
    expect(await host.as("alice").whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  }
  const proofs = [
    ...mcpServer.requests.flatMap(({ headers }) => headers["dpop"] ?? []),
    ...server.requests.flatMap(({ headers }) => headers["dpop"] ?? []),
  ]
  expect(proofs.length).toBeGreaterThan(8)
  expect(new Set(proofs.map((proof) => keyOf(proof).join())).size).toBe(1)
  expect(server.refusals).toStrictEqual([])

  const all = folder.takeAll()
  // What is not secret is found: the search is worth something.
  expect(all).toContain(mcpServer.url)
  expect(all).not.toContain('"kty"')
  expect(all).not.toContain("P-256")
  expect(keyOf(proofs[0])).toHaveLength(2)
  for (const number of keyOf(proofs[0])) expect(all).not.toContain(number)
})

test("what a user lacks is known to another node, and after a restart, until they were asked for it", async () => {
  const { mcpServer, start } = await startAll(
    {},
    { challengeScope: "mcp:read", toolScopes: { whoami: "mcp:write" } },
  )
  const first = await start()
  const second = await start({}, true)
  const alice = first.as("alice")
  const id = await alice.createServer(mcpServer.url)
  await alice.signInTo(id)
  expect(await alice.whoami(id)).toMatchObject({ status: 403 })
  // The other node has used the credential before, and remembers it.
  const elsewhere = second.as("alice")
  expect(await elsewhere.whoami(id)).toMatchObject({ status: 403 })

  const asked = await elsewhere.connect(id)
  const scope = new URL(await asked.authorizationUrl()).searchParams.get("scope")
  expect(scope?.split(" ")).toEqual(expect.arrayContaining(["mcp:read", "mcp:write"]))
  asked.leave()
  // Asked once, wherever that was.
  expect(await (await alice.connect(id)).names()).toStrictEqual(["connection_attempt", "success"])

  expect(await alice.whoami(id)).toMatchObject({ status: 403 })
  await first.mooring.close()
  const third = await start()
  expect(await (await third.as("alice").signInTo(id)).names()).toContain("authorization_url")
  expect(await third.as("alice").whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  await expect
    .poll(async () => (await elsewhere.whoami(id)).body, { timeout: 10_000 })
    .toMatchObject({ func_return: "alice" })
})

test("a sign-in that a run lacked is asked for by another node, and after a restart", async () => {
  const { mcpServer, start } = await startAll({}, { listsOpenly: true })
  const first = await start()
  const second = await start({}, true)
  const id = await first.as("alice").createServer(mcpServer.url)
  expect(await first.as("alice").whoami(id)).toMatchObject({ status: 403 })
  const asked = await second.as("alice").connect(id)
  await asked.until("waiting_for_auth")
  asked.leave()
  await first.mooring.close()
  const third = await start()
  expect(await (await third.as("alice").signInTo(id)).names()).toContain("authorization_url")
  expect(await third.as("alice").whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  expect(await (await second.as("alice").connect(id)).names()).toStrictEqual([
    "connection_attempt",
    "success",
  ])
})

test("a client that was registered is used by other nodes, and after a restart; under another name it is another one", async () => {
  const { mcpServer, server, start } = await startAll()
  const first = await start()
  const id = await first.as("alice").createServer(mcpServer.url)
  const clientSeen = async (host: SignInHost, user: string) =>
    new URL(await (await host.as(user).signInTo(id)).authorizationUrl()).searchParams.get("client_id")
  const client = await clientSeen(first, "alice")
  expect(await clientSeen(await start({}, true), "bob")).toBe(client)
  const seen = []
  for (const clientName of ["Other", "Mooring"]) {
    const host = await start({ oauth: { clientName } })
    await host.as("alice").request("DELETE", `/v1/mcp-servers/${id}/credential`)
    seen.push(await clientSeen(host, "alice"))
  }
  expect(seen[0]).not.toBe(client)
  expect(seen[1]).toBe(client)
  expect(server.requests.filter(({ path }) => path === "/register")).toHaveLength(2)
  expect(server.refusals).toStrictEqual([])
})

test("many first runs after a restart ask for one token, and the client's secret is in the file in no form", async () => {
  const { folder, mcpServer, server, start } = await startAll({ clients: [machine] })
  const first = await start()
  const id = await first.as("alice").createServer(mcpServer.url, { oauth: machineOAuth(server.issuer) })
  const tool = (await first.as("alice").tools(id)).find(({ name }) => name === "whoami")
  await first.mooring.close()
  const tokens = () => server.requests.filter(({ path }) => path === "/token")
  expect(tokens()).toHaveLength(1)

  const second = await start()
  const runs = Array.from({ length: 20 }, () => second.as("alice").runWhoami(id, tool?.id ?? ""))
  for (const { body } of await Promise.all(runs)) {
    expect(body).toMatchObject({ status: "success", func_return: machine.clientId })
  }
  expect(tokens()).toHaveLength(2)

  const all = folder.takeAll()
  expect(all).toContain(mcpServer.url)
  for (const secret of ["canary", machine.clientSecret ?? "", btoa(machine.clientSecret ?? "")]) {
    expect(all).not.toContain(secret)
  }
  for (const { headers } of mcpServer.requests) {
    const token = headers.authorization?.slice("Bearer ".length)
    if (token !== undefined) expect(all).not.toContain(token)
  }
})

test("a private key that has left the options costs nobody their sign-in: with it, they go on", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const pkcs8 = privateKey.export({ type: "pkcs8", format: "pem" }).toString()
  const publicKeys = [{ ...publicKey.export({ format: "jwk" }), alg: "ES256" }]
  const { folder, mcpServer, server, start } = await startAll((callback) => ({
    clients: [{ clientId: "signing", redirectUris: [callback], publicKeys }],
  }))
  const client = {
    issuer: server.issuer,
    clientId: "signing",
    privateKey: { pkcs8, algorithm: "ES256" as const },
  }
  const first = await start({ oauth: { clients: [client] } })
  const id = await first.as("alice").createServer(mcpServer.url)
  await first.as("alice").signInTo(id)
  await first.mooring.close()
  mcpServer.revokeAll()

  const without = await start()
  const asked = server.requests.length
  const refused = await without.as("alice").whoami(id)
  expect(refused).toMatchObject({ status: 502, body: { error: { type: "identity_unavailable" } } })
  expect(refused.text).toMatch(/oauth\.clients/)
  expect(server.requests.slice(asked).filter(({ method }) => method === "POST")).toStrictEqual([])
  await without.mooring.close()

  const again = await start({ oauth: { clients: [client] } })
  expect(await again.as("alice").whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  const assertions = server.requests.flatMap(({ form }) => form["client_assertion"] ?? [])
  expect(assertions.map((assertion) => partOf(assertion, 1)["sub"])).toStrictEqual(["signing", "signing"])
  const all = folder.takeAll()
  for (const line of pkcs8.split("\n").slice(1, 3)) expect(all).not.toContain(line)
})
