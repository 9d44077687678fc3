import { describe, expect, test } from "vitest"
import { signIn } from "../../src/oauth/signIn.ts"
import { startAll, tokenRequests } from "./startAll.ts"

const signingIn = ["connection_attempt", "oauth_required", "authorization_url", "waiting_for_auth"]

describe("the events of a sign-in", () => {
  test("to a stored server lead to its tools, which are stored, and a run speaks for the user", async () => {
    await using there = await startAll()
    const alice = there.host.as("alice")
    const id = await alice.createServer(there.mcpServer.url)
    expect(await alice.tools(id)).toStrictEqual([])

    const stream = await alice.connect(id)
    const url = new URL(await stream.authorizationUrl())
    expect(url.origin).toBe(there.server.issuer)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      code_challenge_method: "S256",
      redirect_uri: `${there.host.origin}/v1/tools/mcp/oauth/callback`,
      resource: there.mcpServer.url,
      state: expect.stringMatching(/^[\w-]{32,}$/),
    })
    await stream.until("waiting_for_auth")
    expect((await fetch(await signIn(url))).status).toBe(200)

    expect(await stream.names()).toStrictEqual([...signingIn, "success"])
    const success = await stream.last()
    expect(success?.tools?.map(({ name }) => name)).toContain("whoami")
    expect((await alice.tools(id)).map(({ name }) => name)).toContain("whoami")
    expect(await alice.whoami(id)).toMatchObject({
      status: 200,
      body: { status: "success", func_return: "alice" },
    })
    const [exchange, ...others] = tokenRequests(there.server, "authorization_code")
    expect(others).toStrictEqual([])
    expect(exchange?.form).toMatchObject({ resource: there.mcpServer.url, code_verifier: expect.any(String) })
  })

  test.each([[{}], [{ type: "streamable_http" }]])("to a config that is not stored (%j)", async (type) => {
    await using there = await startAll()
    const alice = there.host.as("alice")
    const config = { server_name: "flat", server_url: there.mcpServer.url, ...type }
    const stream = await alice.connectFlat(config)
    expect((await fetch(await signIn(await stream.authorizationUrl()))).status).toBe(200)
    expect(await stream.names()).toStrictEqual([...signingIn, "success"])

    // The credential is the URL's: who stores the server then has its tools at once, and nobody else does.
    const id = await alice.createServer(there.mcpServer.url)
    expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
    const bob = there.host.as("bob")
    expect(await bob.whoami(id)).toMatchObject({ status: 403 })
  })

  test("refused at the consent: an error that says what to do, and nothing is stored", async () => {
    await using there = await startAll()
    const alice = there.host.as("alice")
    const id = await alice.createServer(there.mcpServer.url)
    const stream = await alice.connect(id)
    const callback = await signIn(await stream.authorizationUrl(), { allow: false })
    expect(callback.searchParams.get("error")).toBe("access_denied")
    const page = await fetch(callback)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain("<h1>Not signed in</h1>")
    expect(await stream.names()).toStrictEqual([...signingIn, "error"])
    expect(await stream.last()).toMatchObject({
      code: "access_denied",
      message: expect.stringContaining("Connect again"),
    })
    expect(tokenRequests(there.server, "authorization_code")).toStrictEqual([])

    // The next attempt asks anew, and may succeed.
    expect(await (await alice.signInTo(id)).last()).toMatchObject({ event: "success" })
  })

  test("whose caller has gone: the credential is stored, and the next connect succeeds at once", async () => {
    await using there = await startAll()
    const alice = there.host.as("alice")
    const id = await alice.createServer(there.mcpServer.url)
    const stream = await alice.connect(id)
    const url = await stream.authorizationUrl()
    stream.leave()
    await expect(stream.last()).resolves.not.toMatchObject({ event: "success" })
    expect((await fetch(await signIn(url))).status).toBe(200)
    const next = await alice.connect(id)
    expect(await next.names()).toStrictEqual(["connection_attempt", "success"])
    expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  })

  test("without a public URL: an error that names the option, and nobody is sent anywhere", async () => {
    await using there = await startAll({}, { publicUrl: undefined })
    const alice = there.host.as("alice")
    const id = await alice.createServer(there.mcpServer.url)
    const stream = await alice.connect(id)
    expect(await stream.names()).not.toContain("authorization_url")
    expect(await stream.last()).toMatchObject({
      event: "error",
      code: "public_url_missing",
      message: expect.stringContaining("publicUrl"),
    })
    expect(there.server.requests).toStrictEqual([])
  })

  test("take no longer than the limit: an error, and an answer past it is of no use", async () => {
    await using there = await startAll({}, { limits: { signInMs: 300 } })
    const alice = there.host.as("alice")
    const id = await alice.createServer(there.mcpServer.url)
    const stream = await alice.connect(id)
    expect(await stream.names()).toStrictEqual([...signingIn, "error"])
    expect(await stream.last()).toMatchObject({ code: "authorization_expired" })
    const late = await fetch(await signIn(await stream.authorizationUrl()))
    expect(late.status).toBe(410)
    expect(await late.text()).toContain("<h1>Too late</h1>")
    expect(tokenRequests(there.server, "authorization_code")).toStrictEqual([])
  })
})
