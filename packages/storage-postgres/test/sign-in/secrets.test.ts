import { signIn } from "@mooring/testkit"
import { expect, test } from "vitest"
import { bothServers } from "../../../testkit/test/oauth/bothServers.ts"
import { tokenRequests } from "../../../testkit/test/sign-in/startAll.ts"
import { startNodes } from "./startNodes.ts"

test("of a sign-in no secret is to be found in the database, while it waits and later", async () => {
  await using servers = await bothServers()
  await using nodes = await startNodes()
  const { mcpServer, server } = servers
  const { a, postgres, url } = nodes
  const alice = a.as("alice")
  const id = await alice.createServer(mcpServer.url)

  const stream = await alice.connect(id)
  const authorizationUrl = await stream.authorizationUrl()
  const { session_id: sessionId = "" } = await stream.until("authorization_url")
  const dumps = [await postgres.dump(url)]
  const callback = await signIn(authorizationUrl)
  expect((await fetch(callback)).status).toBe(200)
  expect(await stream.last()).toMatchObject({ event: "success" })
  dumps.push(await postgres.dump(url))
  for (const _ of [1, 2]) {
    mcpServer.revokeAll()
    expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
    dumps.push(await postgres.dump(url))
  }

  const codes = tokenRequests(server, "authorization_code").map(({ form }) => form)
  const secrets = {
    state: [callback.searchParams.get("state")],
    code: [callback.searchParams.get("code")],
    verifiers: codes.map((form) => form["code_verifier"]),
    refreshTokens: tokenRequests(server, "refresh_token").map(({ form }) => form["refresh_token"]),
    accessTokens: mcpServer.requests.map(({ headers }) => headers.authorization?.replace(/^Bearer /, "")),
  }
  expect([codes.length, secrets.refreshTokens.length]).toStrictEqual([1, 2])
  // What may be seen is found.
  expect(dumps[0]).toContain(sessionId)
  expect(dumps.at(-1)).toContain(mcpServer.url)
  expect((await postgres.filesHolding(sessionId))?.length).not.toBe(0)
  const all = new Set(
    Object.values(secrets)
      .flat()
      .filter((secret) => typeof secret === "string"),
  )
  // A state, a code, a verifier, two refresh tokens, three access tokens.
  expect(all.size).toBe(8)
  for (const secret of all) {
    expect(dumps.filter((dump) => dump.includes(secret))).toStrictEqual([])
    expect((await postgres.filesHolding(secret)) ?? []).toStrictEqual([])
  }
})
