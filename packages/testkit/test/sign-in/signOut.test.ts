import { describe, expect, test, vi } from "vitest"
import { revocations, startAll, tokenRequests } from "./startAll.ts"

/** Revoking goes on behind the answer. */
const deadline = { timeout: 10_000, interval: 10 }

describe("signing out", () => {
  test("removes the credential of the one user here, and revokes it there", async () => {
    await using there = await startAll()
    const alice = there.host.as("alice")
    const bob = there.host.as("bob")
    const id = await alice.createServer(there.mcpServer.url)
    await alice.signInTo(id)
    await bob.signInTo(id)
    const path = `/v1/mcp-servers/${id}/credential`

    expect(await alice.request("DELETE", path)).toMatchObject({ status: 204, text: "" })
    expect(await alice.whoami(id)).toMatchObject({
      status: 403,
      body: { error: { type: "authorization_required" } },
    })
    expect(await bob.whoami(id)).toMatchObject({ body: { func_return: "bob" } })
    await vi.waitFor(() => expect(revocations(there.server)).toHaveLength(1), deadline)
    expect(revocations(there.server)[0]?.form).toMatchObject({ token_type_hint: "refresh_token" })
    expect(there.server.refusals).toStrictEqual([])

    // Again there is nothing to revoke.
    expect(await alice.request("DELETE", path)).toMatchObject({ status: 204 })
    expect(await (await alice.signInTo(id)).names()).toContain("authorization_url")
    expect(revocations(there.server)).toHaveLength(1)
  })

  test("goes on where the authorization server does not", async () => {
    await using there = await startAll({
      intercept: ({ path }) => (path === "/revoke" ? new Response(null, { status: 500 }) : undefined),
    })
    const alice = there.host.as("alice")
    const id = await alice.createServer(there.mcpServer.url)
    await alice.signInTo(id)
    expect(await alice.request("DELETE", `/v1/mcp-servers/${id}/credential`)).toMatchObject({ status: 204 })
    expect(await alice.whoami(id)).toMatchObject({ status: 403 })
  })

  test("does not come with deleting a server that is registered a second time, only with the last one", async () => {
    await using there = await startAll()
    const { mcpServer, server } = there
    const alice = there.host.as("alice")
    const first = await alice.createServer(mcpServer.url)
    // The same resource, however it is written; and what is elsewhere keeps nobody signed in.
    const second = await alice.createServer(`${mcpServer.url}#again`, {}, "second")
    await alice.createServer(`${mcpServer.url}/other`, {}, "third")
    await there.host.as("alice", "two").createServer(mcpServer.url)
    await alice.signInTo(first)
    expect(await (await alice.connect(second)).names()).toStrictEqual(["connection_attempt", "success"])

    expect(await alice.request("DELETE", `/v1/mcp-servers/${first}`)).toMatchObject({ status: 204 })
    expect(await alice.whoami(second)).toMatchObject({ body: { func_return: "alice" } })
    expect(revocations(server)).toStrictEqual([])

    expect(await alice.request("DELETE", `/v1/mcp-servers/${second}`)).toMatchObject({ status: 204 })
    await vi.waitFor(() => expect(revocations(server)).toHaveLength(1), deadline)
    const again = await alice.createServer(mcpServer.url)
    const stream = await alice.connect(again)
    await stream.until("oauth_required")
    stream.leave()
  })

  test("of everybody in the organization is what deleting the server does", async () => {
    await using there = await startAll({ users: ["alice", "bob", "carol"] })
    const alice = there.host.as("alice")
    const bob = there.host.as("bob")
    const carol = there.host.as("carol", "two")
    const id = await alice.createServer(there.mcpServer.url)
    const theirs = await carol.createServer(there.mcpServer.url)
    await alice.signInTo(id)
    await bob.signInTo(id)
    await carol.signInTo(theirs)

    expect(await alice.request("DELETE", `/v1/mcp-servers/${id}`)).toMatchObject({ status: 204 })
    await vi.waitFor(() => expect(revocations(there.server)).toHaveLength(2), deadline)
    const revoked = revocations(there.server).map(({ form }) => form["token"])
    expect(new Set(revoked).size).toBe(2)
    expect(there.server.refusals).toStrictEqual([])
    // Registered again, nobody is signed in to it.
    const again = await alice.createServer(there.mcpServer.url)
    for (const user of [alice, bob]) {
      const stream = await user.connect(again)
      await stream.until("oauth_required")
      stream.leave()
    }
    expect(await carol.whoami(theirs)).toMatchObject({ body: { func_return: "carol" } })
    expect(tokenRequests(there.server, "refresh_token")).toStrictEqual([])
  })
})
