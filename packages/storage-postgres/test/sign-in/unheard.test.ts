import { StoreSignals } from "@mooring/core"
import { startPostgres } from "@mooring/test-postgres"
import * as Layer from "effect/Layer"
import { expect, test } from "vitest"
import { bothServers } from "../../../testkit/test/oauth/bothServers.ts"
import { tokenRequests } from "../../../testkit/test/sign-in/startAll.ts"
import { startSignInHost } from "../../../testkit/test/sign-in/startSignInHost.ts"
import { postgresStores } from "../../src/index.ts"
import { keys } from "../faults/keys.ts"

/** As if every word of another host were still on its way. */
const nothingHeard = Layer.succeed(
  StoreSignals,
  StoreSignals.of({ listen: (listener) => listener({ type: "resumed" }) }),
)

test("a token that another host has renewed is used before that is heard of", async () => {
  await using servers = await bothServers()
  await using postgres = await startPostgres()
  const stores = postgresStores({ url: await postgres.createDatabase(), keys })
  await using host = await startSignInHost({ stores })
  await using other = await startSignInHost({ stores: Layer.merge(stores, nothingHeard) })
  const id = await host.as("alice").createServer(servers.mcpServer.url)
  await host.as("alice").signInTo(id)
  const ok = { body: { func_return: "alice" } }
  expect(await other.as("alice").whoami(id)).toMatchObject(ok)

  servers.mcpServer.revokeAll()
  expect(await host.as("alice").whoami(id)).toMatchObject(ok)
  expect(await other.as("alice").whoami(id)).toMatchObject(ok)
  expect(tokenRequests(servers.server, "refresh_token")).toHaveLength(1)
})
