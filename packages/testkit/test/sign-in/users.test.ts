import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { startAll } from "./startAll.ts"

describe("credentials", () => {
  let there: Awaited<ReturnType<typeof startAll>>
  beforeAll(async () => {
    there = await startAll({ users: ["alice", "bob", "carol"] })
  })
  afterAll(() => there[Symbol.asyncDispose]())

  test("are each user's own, in each organization", async () => {
    const alice = there.host.as("alice")
    const bob = there.host.as("bob")
    const elsewhere = there.host.as("alice", "two")
    const id = await alice.createServer(there.mcpServer.url)
    const idElsewhere = await elsewhere.createServer(there.mcpServer.url)

    await alice.signInTo(id)
    // Each is asked, though somebody else has signed in already.
    await bob.signInTo(id)
    await elsewhere.signInTo(idElsewhere, { user: "carol" })

    // At once, over the sessions that are being shared.
    const asked = [
      ...Array.from({ length: 5 }, () => alice.whoami(id)),
      ...Array.from({ length: 5 }, () => bob.whoami(id)),
      ...Array.from({ length: 5 }, () => elsewhere.whoami(idElsewhere)),
    ]
    const answers = await Promise.all(asked)
    const said = answers.map(({ body }) => body)
    const expected = ["alice", "bob", "carol"].flatMap((user) =>
      Array.from({ length: 5 }, () => expect.objectContaining({ func_return: user })),
    )
    expect(said).toStrictEqual(expected)

    // The server is not there for another organization.
    expect(await elsewhere.request("GET", `/v1/mcp-servers/connect/${id}`)).toMatchObject({ status: 404 })
    expect(await elsewhere.request("DELETE", `/v1/mcp-servers/${id}/credential`)).toMatchObject({
      status: 404,
    })
    expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  })

  test("are needed: a run without one is 403 with what to do, and nothing is run", async () => {
    const alice = there.host.as("alice", "three")
    const id = await alice.createServer(there.mcpServer.url)
    await alice.signInTo(id)
    const calls = there.mcpServer.requests.length
    const answer = await there.host.as("bob", "three").whoami(id)
    expect(answer).toMatchObject({
      status: 403,
      body: {
        message: expect.stringMatching(/sign in.*authorization_url/),
        error: { type: "authorization_required" },
      },
    })
    const since = there.mcpServer.requests.slice(calls)
    expect(since.filter(({ rpcMethod }) => rpcMethod === "tools/call")).toStrictEqual([])
  })
})
