import { startPostgres } from "@mooring/test-postgres"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { bothServers } from "../../../testkit/test/oauth/bothServers.ts"
import { tokenRequests } from "../../../testkit/test/sign-in/startAll.ts"
import { query } from "../faults/query.ts"
import { lostRenewal } from "./lostRenewal.ts"
import { ok, signedInAt } from "./signedInAt.ts"
import { type HostProcess, startHostProcess } from "./startHostProcess.ts"

const opened = new AsyncDisposableStack()
let url: string
beforeAll(async () => {
  const postgres = opened.use(await startPostgres())
  url = await postgres.createDatabase()
})
afterAll(() => opened.disposeAsync())

describe("four processes", () => {
  let hosts: ReadonlyArray<HostProcess>
  beforeAll(async () => {
    hosts = await Promise.all([1, 2, 3, 4].map(() => startHostProcess(url)))
  })
  afterAll(() => Promise.all(hosts.map(({ kill }) => kill())))

  test.each([
    ["ends all when it is used twice", 0],
    ["can be used once more for a minute", 60_000],
  ])("24 runs at once, where a refresh token %s: one of them uses it", async (_, reuseGraceMs) => {
    await using servers = await bothServers({ refreshTokenRotation: { reuseGraceMs } })
    const { organization, run } = await signedInAt(hosts, servers.mcpServer.url)
    for (const isTimeOver of [false, true, false, true]) {
      const before = tokenRequests(servers.server, "refresh_token").length
      servers.mcpServer.revokeAll()
      // The hosts are told by the database; whoever runs before that is refused.
      if (isTimeOver) await expire(organization)
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => hosts).flatMap((each) => each.map((host) => run(host))),
      )
      expect(answers).toMatchObject(Array.from({ length: 24 }, () => ok))
      expect(tokenRequests(servers.server, "refresh_token")).toHaveLength(before + 1)
    }
    expect(servers.server.refusals).toStrictEqual([])
  })
})

/** Makes the time of an access token be over, for all that hosts know. */
const expire = (organization: string) =>
  query(
    url,
    `update mooring_credentials set expires_at = '2020-01-01T00:00:00.000Z'
    where organization_id = '${organization}'`,
  )

const credentialsOf = (organization: string) =>
  query(url, `select id from mooring_credentials where organization_id = '${organization}'`)

test("a process that is killed while it refreshes holds others up no longer than its claim is good for", async () => {
  // A claim is good for 5 s more than such a request may take.
  const limits = { oauthStepTimeoutMs: 2_000 }
  await using killed = await startHostProcess(url, limits)
  await using other = await startHostProcess(url, limits)
  await using undone = await lostRenewal({ isDone: false, reuseGraceMs: 0 })
  await using done = await lostRenewal({ isDone: true, reuseGraceMs: 0 })
  await using doneWithGrace = await lostRenewal({ isDone: true, reuseGraceMs: 60_000 })
  /** Her refresh is under way at the one that is going to be killed. */
  const refreshing = async ({ lost, mcpServer }: typeof done) => {
    const alice = await signedInAt([killed, other], mcpServer.url)
    mcpServer.revokeAll()
    alice.run(killed).catch(() => {})
    await lost
    return alice
  }
  const [aliceOfUndone, aliceOfDone, aliceOfGrace] = await Promise.all([
    refreshing(undone),
    refreshing(done),
    refreshing(doneWithGrace),
  ])
  await killed.kill()

  const sixRuns = ({ run }: typeof aliceOfDone) => Promise.all(Array.from({ length: 6 }, () => run(other)))
  const [ofUndone, ofDone, ofGrace] = await Promise.all([
    sixRuns(aliceOfUndone),
    sixRuns(aliceOfDone),
    sixRuns(aliceOfGrace),
  ])
  expect([...ofUndone, ...ofGrace]).toMatchObject(Array.from({ length: 12 }, () => ok))
  // Nobody has the new tokens, and the old ones are used up: she is told to sign in, and can.
  const toldToSignIn = { status: 403, body: { error: { type: "authorization_required" } } }
  for (const answer of ofDone) expect(answer).toMatchObject(toldToSignIn)
  expect(await aliceOfDone.run(other)).toMatchObject(toldToSignIn)
  expect(await credentialsOf(aliceOfDone.organization)).toStrictEqual([])
  expect((await aliceOfDone.signInAt(other)).at(-1)).toBe("success")
  expect(await aliceOfDone.run(other)).toMatchObject(ok)
})
