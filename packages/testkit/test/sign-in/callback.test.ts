import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { signIn } from "../../src/oauth/signIn.ts"
import { startAll, tokenRequests } from "./startAll.ts"

const json = { accept: "application/json" }

describe("the callback", () => {
  let there: Awaited<ReturnType<typeof startAll>>
  beforeAll(async () => {
    there = await startAll()
  })
  afterAll(() => there[Symbol.asyncDispose]())

  const exchanges = () => tokenRequests(there.server, "authorization_code").length
  /** A sign-in that its user has allowed, up to the callback, which is not called. */
  const begin = async (organization: string) => {
    const alice = there.host.as("alice", organization)
    const id = await alice.createServer(there.mcpServer.url)
    const stream = await alice.connect(id)
    return { alice, id, stream, callback: await signIn(await stream.authorizationUrl()) }
  }

  test("shows a browser a page that nothing can be put into, framed or kept", async () => {
    const { callback, stream } = await begin("page")
    const page = await fetch(callback, { headers: { accept: "text/html,*/*;q=0.8" } })
    const html = await page.text()
    expect(page.status).toBe(200)
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8")
    expect(page.headers.get("cache-control")).toBe("no-store")
    expect(page.headers.get("referrer-policy")).toBe("no-referrer")
    const policy = page.headers.get("content-security-policy") ?? ""
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain("unsafe")
    expect(html).toContain("<h1>Signed in</h1>")
    // Scripts of its own file only, and no handlers or styles in attributes.
    expect([...html.matchAll(/<script\b[^>]*>([^]*?)<\/script>/g)].map(([, body]) => body)).toStrictEqual([
      "",
    ])
    expect(html).not.toMatch(/\son\w+=|\sstyle=|<style|javascript:/i)
    const { session_id: sessionId } = await stream.until("authorization_url")
    expect(html).toContain(`data-session-id="${sessionId}"`)

    // What it loads is there, below where the page is.
    for (const [, path = ""] of html.matchAll(/(?:href|src)="([^"]+)"/g)) {
      const file = await fetch(new URL(path, callback))
      expect(file.status).toBe(200)
      expect(await file.text()).not.toBe("")
    }
  })

  test("answers in JSON who asks for it", async () => {
    const { callback } = await begin("json")
    const answer = await fetch(callback, { headers: json })
    expect(answer.status).toBe(200)
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/)
    expect(answer.headers.get("cache-control")).toBe("no-store")
    expect(await answer.json()).toStrictEqual({
      status: "success",
      message: expect.stringContaining("protected"),
      server_url: there.mcpServer.url,
    })
  })

  test.each(["", "?state=", "?state=unknown&code=1", "?code=1", "?error=access_denied&state=x"])(
    "of no sign-in (%s) is 410, and nobody is asked",
    async (query) => {
      const before = there.server.requests.length
      const answer = await fetch(`${there.host.origin}/v1/tools/mcp/oauth/callback${query}`, {
        headers: json,
      })
      expect(answer.status).toBe(410)
      expect(await answer.json()).toMatchObject({ status: "expired" })
      expect(there.server.requests).toHaveLength(before)
    },
  )

  test("that comes a second time is 410, and the code is not sent again", async () => {
    const { callback, stream } = await begin("twice")
    expect((await fetch(callback, { headers: json })).status).toBe(200)
    const before = exchanges()
    const again = await fetch(callback, { headers: json })
    expect([again.status, await again.json()]).toMatchObject([410, { status: "expired" }])
    expect(exchanges()).toBe(before)
    expect(await stream.last()).toMatchObject({ event: "success" })
  })

  test("that comes fifty times at once sends one request for a token", async () => {
    const { callback, stream } = await begin("many")
    const before = exchanges()
    const statuses = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const answer = await fetch(callback, { headers: json })
        await answer.text()
        return answer.status
      }),
    )
    expect(statuses.toSorted()).toStrictEqual([200, ...Array.from({ length: 49 }, () => 410)])
    expect(exchanges() - before).toBe(1)
    expect(await stream.last()).toMatchObject({ event: "success" })
  })

  test.each([
    ["user", "wrong-user", { user: "bob", organization: "wrong-user" }],
    ["organization", "wrong-org", { user: "alice", organization: "another" }],
  ])("of another %s is 403 and stores nothing; the right one can still finish", async (_, own, other) => {
    const { alice, callback, id, stream } = await begin(own)
    const before = exchanges()
    const stranger = there.host.as(other.user, other.organization)
    const refused = await fetch(callback, { headers: { ...json, ...stranger.headers } })
    expect([refused.status, await refused.json()]).toMatchObject([403, { status: "wrong_user" }])
    const page = await fetch(callback, { headers: stranger.headers })
    expect(page.status).toBe(403)
    expect(await page.text()).toContain("<h1>Another user began this</h1>")
    expect(exchanges()).toBe(before)
    expect(stream.events.map(({ event }) => event)).not.toContain("success")

    expect((await fetch(callback, { headers: { ...json, ...alice.headers } })).status).toBe(200)
    expect(await stream.last()).toMatchObject({ event: "success" })
    expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
    // The one who tried has nothing to run as.
    const mine = await stranger.createServer(there.mcpServer.url, {}, "mine")
    const theirs = await stranger.connect(mine)
    expect(await theirs.until("oauth_required")).toBeDefined()
    theirs.leave()
  })

  test.each([
    ["another issuer", (url: URL) => url.searchParams.set("iss", "https://evil.example")],
    ["a slash more", (url: URL) => url.searchParams.set("iss", `${there.server.issuer}/`)],
    ["no issuer, where one is promised", (url: URL) => url.searchParams.delete("iss")],
    [
      "an error of another issuer",
      (url: URL) => {
        url.searchParams.set("iss", "https://evil.example")
        url.searchParams.delete("code")
        url.searchParams.set("error", "access_denied")
        url.searchParams.set("error_description", "canary-of-evil")
      },
    ],
  ])("with %s is 400 and not acted on; the true one may still come", async (name, change) => {
    const { callback, stream } = await begin(`issuer, ${name}`)
    const before = exchanges()
    const wrong = new URL(callback)
    change(wrong)
    const answer = await fetch(wrong)
    expect(answer.status).toBe(400)
    expect(await answer.text()).not.toMatch(/canary|evil/)
    expect(exchanges()).toBe(before)
    expect((await fetch(callback)).status).toBe(200)
    expect(await stream.last()).toMatchObject({ event: "success" })
  })
})
