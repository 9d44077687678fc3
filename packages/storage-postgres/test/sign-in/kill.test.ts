import { type PostgresServer, startPostgres } from "@mooring/test-postgres"
import { signIn } from "@mooring/testkit"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { query } from "../faults/query.ts"
import { type Scene, type Step, stepsPast, stepsToRepeat } from "./killedHost.ts"
import { lightServers } from "./lightServers.ts"
import { type HostProcess, startHostProcess } from "./startHostProcess.ts"

const opened = new AsyncDisposableStack()
let postgres: PostgresServer
let url: string
let other: HostProcess
beforeAll(async () => {
  postgres = opened.use(await startPostgres())
  url = await postgres.createDatabase()
  other = opened.use(await startHostProcess(url))
})
afterAll(() => opened.disposeAsync())

const openScene = async (survivor: HostProcess, organization: string) => {
  const servers = await lightServers()
  const killed = await startHostProcess(url)
  const userAt = (host: HostProcess) => host.as("alice", organization)
  const serverId = await userAt(killed).createServer(servers.mcpServer.url)
  const scene: Scene = { url, servers, killed, other: survivor, organization, userAt, serverId }
  return {
    ...scene,
    [Symbol.asyncDispose]: async () => {
      await killed.kill()
      await servers[Symbol.asyncDispose]()
    },
  }
}

/** What is to be found of a user's sign-ins. */
const leftOf = async (organization: string) => {
  const ofIts = `where organization_id = '${organization}'`
  const signIns = await query(url, `select state from mooring_authorizations ${ofIts}`)
  const credentials = await query(url, `select id from mooring_credentials ${ofIts}`)
  return { signIns: signIns.map(({ state }) => state), credentials: credentials.length }
}

/** All secrets that went over the wire. */
const secretsOf = ({ servers: { mcpServer, server } }: Scene): ReadonlyArray<string> =>
  [
    ...server.requests.flatMap(({ form, query }) => [query["state"], form["code"], form["code_verifier"]]),
    ...mcpServer.requests.map(({ headers }) => headers.authorization?.replace(/^Bearer /, "")),
  ].filter((secret) => secret !== undefined)

const expectNoSecrets = async (scene: Scene) => {
  const dump = await postgres.dump(url)
  expect(dump).toContain(scene.servers.mcpServer.url)
  expect(secretsOf(scene).filter((secret) => dump.includes(secret))).toStrictEqual([])
}

const signedIn = { status: 200, body: { status: "success", func_return: "mallory" } }

describe("a host that is killed", () => {
  test.each(Object.entries(stepsToRepeat))(
    "%s: its user begins again at once at another one",
    async (name, step) => {
      await using scene = await openScene(other, name)
      const watching = await killAt(step, scene)
      const user = scene.userAt(other)
      expect(await (await signInAgain(scene)).names()).toStrictEqual([
        "connection_attempt",
        "oauth_required",
        "authorization_url",
        "waiting_for_auth",
        "success",
      ])
      expect(await user.whoami(scene.serverId)).toMatchObject(signedIn)
      await expectNoSecrets(scene)
      watching?.leave()
    },
  )

  test.each(Object.entries(stepsPast))("%s: its user is signed in", async (name, step) => {
    await using scene = await openScene(other, name)
    const watching = await killAt(step, scene)
    const user = scene.userAt(other)
    const next = await user.connect(scene.serverId)
    expect(await next.names()).toStrictEqual(["connection_attempt", "success"])
    expect(await user.whoami(scene.serverId)).toMatchObject(signedIn)
    await expectNoSecrets(scene)
    watching?.leave()
  })

  const killAt = async (step: Step, scene: Scene) => {
    const stream = await step.kill(scene)
    expect(await leftOf(scene.organization)).toStrictEqual(step.left)
    await expectNoSecrets(scene)
    return stream
  }
  const signInAgain = async ({ serverId, userAt }: Scene) => {
    const stream = await userAt(other).connect(serverId)
    const callback = await signIn(await stream.authorizationUrl())
    expect(await other.callBack(callback)).toBe(200)
    return stream
  }
})

test("whoever watches a sign-in whose answer was lost with a host is asked to sign in once more", async () => {
  await using patient = await startHostProcess(url, { oauthStepTimeoutMs: 1_000 })
  await using scene = await openScene(patient, "lost")
  const stream = await stepsToRepeat["while the tokens are on their way"].kill(scene)
  const urls = () => (stream?.events ?? []).flatMap(({ url }) => url ?? [])
  await expect.poll(() => urls().length, { timeout: 30_000 }).toBe(2)
  expect(await patient.callBack(await signIn(urls()[1] ?? ""))).toBe(200)
  expect(await stream?.last()).toMatchObject({ event: "success" })
})

test("whoever watches a sign-in that was stored before its host died is connected", async () => {
  await using patient = await startHostProcess(url, { oauthStepTimeoutMs: 1_000 })
  await using scene = await openScene(patient, "stored")
  const stream = await stepsPast["when it has stored the tokens, and not yet that it has"].kill(scene)
  expect(await stream?.names()).toStrictEqual([
    "connection_attempt",
    "oauth_required",
    "authorization_url",
    "waiting_for_auth",
    "success",
  ])
})
