import { modernServer } from "@mooring/testkit"
import { randomUUID } from "node:crypto"
import { expect, test, vi } from "vitest"
import { type ExampleClient, exampleClient, idOf, stdioConfig } from "./ExampleClient.ts"
import type { ExampleDatabase } from "./ExampleDatabase.ts"
import { startExample } from "./ExampleProcess.ts"

/** What an example keeps in a database, for itself and for others that use the same one. */
export const keepingCases = (main: URL, { make }: ExampleDatabase): void => {
  test("DEMO_TOKENS: who has no token is nobody, and organizations do not see each other's servers", async () => {
    await using data = await make()
    const DEMO_TOKENS = "tokenA=org1/alice, tokenB==org2/bob,tokenC=org1/carol"
    await using example = startExample(main, { WALK: "0", DEMO_TOKENS, ...data.env }, data.cwd)
    const url = await example.url()
    const status = async (path: string, authorization?: string) =>
      (await fetch(url + path, { headers: authorization === undefined ? {} : { authorization } })).status

    for (const nobody of [undefined, "Bearer", "Bearer tokenX", "Bearer tokenA2", "Basic tokenA", "tokenA"]) {
      expect(await status("/v1/mcp-servers/", nobody)).toBe(401)
    }
    const id = await idOf(await exampleClient(url, "tokenA").register(stdioConfig))
    for (const path of [`/v1/mcp-servers/${id}`, `/v1/mcp-servers/${id}/tools`]) {
      expect(await status(path, "Bearer tokenA")).toBe(200)
      expect(await status(path, "bearer tokenC")).toBe(200)
      expect(await status(path, "Bearer tokenB=")).toBe(404)
      expect(await status(path)).toBe(401)
    }
  })

  test("after SIGTERM, SIGKILL and new starts all is there and works with its secrets, which nobody can read", async () => {
    await using data = await make()
    await using upstream = await modernServer()
    const secrets = { token: randomUUID(), header: randomUUID(), variable: randomUUID() }
    const remoteConfig = {
      mcp_server_type: "streamable_http",
      server_url: upstream.url,
      auth_token: `Bearer ${secrets.token}`,
      custom_headers: { "x-secret": secrets.header },
    }
    const commandConfig = { ...stdioConfig, env: { SECRET: secrets.variable } }
    const start = () => startExample(main, { WALK: "0", ...data.env }, data.cwd)

    await using first = start()
    const before = exampleClient(await first.url())
    const remote = await idOf(await before.register(remoteConfig, "remote"))
    const command = await idOf(await before.register(commandConfig, "command"))
    const allOf = async (client: ExampleClient) => ({
      servers: await client.servers(),
      remoteTools: await client.json("GET", `/v1/mcp-servers/${remote}/tools`),
      commandTools: await client.json("GET", `/v1/mcp-servers/${command}/tools`),
    })
    const known = await allOf(before)
    expect(known).toMatchObject({
      servers: [
        { auth_token: remoteConfig.auth_token, custom_headers: remoteConfig.custom_headers },
        { env: commandConfig.env },
      ],
      remoteTools: { length: 9 },
      commandTools: { length: 13 },
    })
    const seen = upstream.requests.length

    first.kill("SIGTERM")
    expect(await first.exited).toBe(0)
    await using second = start()
    expect(await allOf(exampleClient(await second.url()))).toStrictEqual(known)

    second.kill("SIGKILL")
    expect(await second.exited).toBe("SIGKILL")
    await using third = start()
    const after = exampleClient(await third.url())
    expect(await allOf(after)).toStrictEqual(known)

    // What is known of the tools was kept as well: nobody was asked for it.
    expect(upstream.requests).toHaveLength(seen)
    expect(await after.run(remote, "echo", { text: "ahoy" })).toMatchObject({ func_return: "ahoy" })
    expect(upstream.requests.length).toBeGreaterThan(seen)
    for (const { headers } of upstream.requests.slice(seen)) {
      expect(headers).toMatchObject({ authorization: `Bearer ${secrets.token}`, "x-secret": secrets.header })
    }
    // A command gets its own secrets, and not those of the host.
    const environment = await after.run(command, "get-env")
    expect(environment).toMatchObject({
      func_return: expect.stringContaining(`"SECRET": "${secrets.variable}"`),
    })
    expect(JSON.stringify(environment)).not.toMatch(/DATABASE_URL|MOORING_KEY/)

    // While a host runs, so that a write-ahead log is among the files.
    for (const secret of Object.values(secrets)) expect(await data.filesHolding(secret)).toStrictEqual([])
    expect(await data.filesHolding(upstream.url)).not.toStrictEqual([])
    expect(first.stderr() + second.stderr() + third.stderr()).toBe("")
  })

  test("two hosts that start at once on the same database are two doors to the same servers", async () => {
    await using data = await make()
    await using upstream = await modernServer()
    await using one = startExample(main, { WALK: "0", ...data.env }, data.cwd)
    await using other = startExample(main, { WALK: "0", ...data.env }, data.cwd)
    const [here, there] = (await Promise.all([one.url(), other.url()])).map((url) => exampleClient(url))
    if (here === undefined || there === undefined) throw new Error("two were started")

    const tokenOfLastCall = () =>
      upstream.requests.findLast(({ rpcMethod }) => rpcMethod === "tools/call")?.headers.authorization

    const id = await idOf(await here.register({ server_url: upstream.url, auth_token: "Bearer first" }))
    expect(await there.servers()).toStrictEqual(await here.servers())
    // Names are taken for both.
    expect((await there.register({ server_url: upstream.url })).status).toBe(409)
    expect(await there.run(id, "echo", { text: "ahoy" })).toMatchObject({ func_return: "ahoy" })
    expect(await here.run(id, "echo", { text: "ahoy" })).toMatchObject({ func_return: "ahoy" })
    expect(tokenOfLastCall()).toBe("Bearer first")

    // What one has at hand is no longer what is stored, which it hears of a moment later.
    await there.json("PATCH", `/v1/mcp-servers/${id}`, { config: { auth_token: "Bearer second" } })
    await vi.waitFor(async () => {
      await here.run(id, "echo", { text: "ahoy" })
      expect(tokenOfLastCall()).toBe("Bearer second")
    }, 5_000)

    expect(await there.status("DELETE", `/v1/mcp-servers/${id}`)).toBe(204)
    expect(await here.status("GET", `/v1/mcp-servers/${id}`)).toBe(404)
    await vi.waitFor(async () => expect(await here.status("GET", `/v1/mcp-servers/${id}/tools`)).toBe(404))
    expect(one.stderr() + other.stderr()).toBe("")
  })
}
