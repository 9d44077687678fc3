import { describe, expect, test } from "vitest"
import { clockAhead } from "./clockAhead.ts"
import type { SignInUser } from "./SignInUser.ts"
import { startAll, tokenRequests } from "./startAll.ts"

const needsSignIn = { status: 403, body: { error: { type: "authorization_required" } } }
const ok = { status: 200, body: { status: "success", func_return: "alice" } }

const signedIn = async (there: Awaited<ReturnType<typeof startAll>>) => {
  const alice = there.host.as("alice")
  const id = await alice.createServer(there.mcpServer.url)
  await alice.signInTo(id)
  expect(await alice.whoami(id)).toMatchObject(ok)
  return { alice, id }
}

const manyRuns = async (user: SignInUser, id: string) => {
  const tool = (await user.tools(id)).find(({ name }) => name === "whoami")
  const answers = await Promise.all(Array.from({ length: 24 }, () => user.runWhoami(id, tool?.id ?? "")))
  return answers.map(({ body }) => body)
}
const allOk = Array.from({ length: 24 }, () => expect.objectContaining(ok.body))

describe("an access token", () => {
  test("that is about to expire is renewed ahead, once for many runs", async () => {
    using clock = clockAhead()
    await using there = await startAll({ accessTokenSeconds: 600 })
    const { alice, id } = await signedIn(there)
    expect(tokenRequests(there.server, "refresh_token")).toHaveLength(0)
    const refused = there.mcpServer.requests.length

    clock.move(590_000)
    expect(await manyRuns(alice, id)).toStrictEqual(allOk)
    expect(tokenRequests(there.server, "refresh_token")).toHaveLength(1)
    expect(there.server.refusals).toStrictEqual([])
    // Nothing was sent with the old one, which then would have been refused for some.
    const [renewal] = tokenRequests(there.server, "refresh_token")
    expect(renewal?.form).toMatchObject({ resource: there.mcpServer.url })
    const old = there.mcpServer.requests[refused - 1]?.headers.authorization
    const sentLater = there.mcpServer.requests
      .slice(refused)
      .filter(({ rpcMethod }) => rpcMethod === "tools/call")
      .map(({ headers }) => headers.authorization)
    expect(sentLater).toHaveLength(24)
    expect(sentLater).not.toContain(old)
  })

  test("that lives for half a minute or less serves more than one request", async () => {
    using clock = clockAhead()
    for (const seconds of [30, 8]) {
      await using there = await startAll({ accessTokenSeconds: seconds })
      const { alice, id } = await signedIn(there)
      expect(await alice.whoami(id)).toMatchObject(ok)
      expect(tokenRequests(there.server, "refresh_token")).toHaveLength(0)
      clock.move(seconds * 850)
      expect(await alice.whoami(id)).toMatchObject(ok)
      expect(tokenRequests(there.server, "refresh_token")).toHaveLength(1)
      expect(there.server.refusals).toStrictEqual([])
    }
  })

  test("that is refused is renewed once for many runs, time and again, and no refresh token is used twice", async () => {
    await using there = await startAll()
    const { alice, id } = await signedIn(there)
    for (const times of [1, 2, 3, 4]) {
      there.mcpServer.revokeAll()
      expect(await manyRuns(alice, id)).toStrictEqual(allOk)
      expect(tokenRequests(there.server, "refresh_token")).toHaveLength(times)
    }
    const used = tokenRequests(there.server, "refresh_token").map(({ form }) => form["refresh_token"])
    expect(new Set(used).size).toBe(4)
    expect(there.server.refusals).toStrictEqual([])
  })

  test("that is refused is renewed for a connect as well, which asks nobody to sign in", async () => {
    await using there = await startAll()
    const { alice, id } = await signedIn(there)
    there.mcpServer.revokeAll()
    expect(await (await alice.connect(id)).names()).toStrictEqual(["connection_attempt", "success"])
    expect(tokenRequests(there.server, "refresh_token")).toHaveLength(1)
  })

  test("whose refresh token is revoked: the run says so, and the next connect asks to sign in anew", async () => {
    await using there = await startAll()
    const { alice, id } = await signedIn(there)
    there.mcpServer.revokeAll()
    expect(await alice.whoami(id)).toMatchObject(ok)
    // Somebody has stolen the old refresh token and uses it: the whole grant ends (RFC 9700, section 4.14.2).
    const [renewal] = tokenRequests(there.server, "refresh_token")
    const stolen = await fetch(`${there.server.issuer}/token`, {
      method: "POST",
      body: new URLSearchParams(renewal?.form),
    })
    expect(stolen.status).toBe(400)

    expect(await alice.whoami(id)).toMatchObject(needsSignIn)
    // It is known to be over by now: nobody is asked again.
    const asked = tokenRequests(there.server, "refresh_token").length
    expect(await alice.whoami(id)).toMatchObject(needsSignIn)
    expect(tokenRequests(there.server, "refresh_token")).toHaveLength(asked)

    expect(await (await alice.signInTo(id)).names()).toContain("authorization_url")
    expect(await alice.whoami(id)).toMatchObject(ok)
  })

  test("that can't be renewed: a connect offers a new sign-in, and nothing is given up for it", async () => {
    let isDown = false
    await using there = await startAll({
      intercept: ({ form, path }) =>
        isDown && path === "/token" && form["grant_type"] === "refresh_token"
          ? new Response("oops", { status: 500 })
          : undefined,
    })
    const { alice, id } = await signedIn(there)
    there.mcpServer.revokeAll()
    isDown = true
    // Nobody comes: as soon as it can be renewed, it is.
    const unanswered = await alice.connect(id)
    await unanswered.until("authorization_url")
    unanswered.leave()
    isDown = false
    expect(await alice.whoami(id)).toMatchObject(ok)
    there.mcpServer.revokeAll()
    isDown = true
    expect(await (await alice.signInTo(id)).names()).toStrictEqual([
      "connection_attempt",
      "oauth_required",
      "authorization_url",
      "waiting_for_auth",
      "success",
    ])
    expect(await alice.whoami(id)).toMatchObject(ok)
  })

  test("without a refresh token: once refused, the user is asked to sign in anew", async () => {
    await using there = await startAll({ refreshTokens: "never" })
    const { alice, id } = await signedIn(there)
    there.mcpServer.revokeAll()
    expect(await alice.whoami(id)).toMatchObject(needsSignIn)
    expect(await (await alice.signInTo(id)).names()).toContain("authorization_url")
    expect(await alice.whoami(id)).toMatchObject(ok)
    expect(tokenRequests(there.server, "refresh_token")).toHaveLength(0)
  })

  // `callTool` takes the client's UnauthorizedError for a lost connection: make this a `test` when it no longer does.
  test("that is refused for good: the run tells its user to sign in", async () => {
    await using there = await startAll({ refreshTokens: "never" })
    const { alice, id } = await signedIn(there)
    there.mcpServer.revokeAll()
    expect((await alice.whoami(id)).text).toMatch(/sign in/i)
  })

  test("that is about to expire is used to its end where the authorization server has a fault", async () => {
    using clock = clockAhead()
    let isDown = false
    await using there = await startAll({
      accessTokenSeconds: 600,
      intercept: ({ path }) =>
        isDown && path === "/token" ? new Response("oops", { status: 503 }) : undefined,
    })
    const { alice, id } = await signedIn(there)
    clock.move(590_000)
    isDown = true
    expect(await alice.whoami(id)).toMatchObject(ok)
    expect(tokenRequests(there.server, "refresh_token").length).toBeGreaterThan(0)
    // Past its end the fault is told, and passes.
    clock.move(20_000)
    expect(await alice.whoami(id)).toMatchObject({
      status: 502,
      body: { error: { type: "authorization_server_unreachable" } },
    })
    isDown = false
    expect(await alice.whoami(id)).toMatchObject(ok)
  })

  test("that can't be renewed, as the authorization server has a fault, is not given up", async () => {
    let isDown = false
    await using there = await startAll({
      intercept: ({ path }) =>
        isDown && path === "/token" ? new Response("oops", { status: 503 }) : undefined,
    })
    const { alice, id } = await signedIn(there)
    there.mcpServer.revokeAll()
    isDown = true
    const answer = await alice.whoami(id)
    expect(answer.body).not.toMatchObject({ func_return: "alice" })
    isDown = false
    expect(await alice.whoami(id)).toMatchObject(ok)
    expect(there.server.refusals).toStrictEqual([])
  })
})
