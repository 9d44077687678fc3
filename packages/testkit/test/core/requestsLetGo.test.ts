import { createMooring } from "@mooring/core"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { expect, test } from "vitest"
import { legacyServer } from "../../src/index.ts"
import { remote } from "./askingHost.ts"

setFlagsFromString("--expose-gc")
const collect: () => void = runInNewContext("gc")

const actor = { organizationId: "acme", userId: "alice" }

test("a session keeps nothing of the request that it was opened by, nor does what is remembered", async () => {
  await using server = await legacyServer()
  const mooring = createMooring({
    actor: () => actor,
    egress: { allowRanges: ["127.0.0.0/8"] },
    limits: { sessionIdleMs: 3_000 },
  })
  const { id } = await mooring.servers.create(actor, { name: "server", config: remote(server.url) })
  const [tool] = await mooring.tools.list(actor, id)
  // That by which the tools were listed.
  await expect.poll(() => server.sessionCount).toBe(0)

  const run = async () => {
    const hostRequest = { cookie: "session=secret" }
    const request = new Request(`http://host.test/v1/mcp-servers/${id}/tools/${tool?.id}/run`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"args":{"text":"hello"}}',
    })
    const response = await mooring.fetch(request, hostRequest)
    expect(await response.json()).toMatchObject({ status: "success" })
    return [new WeakRef(request), new WeakRef(hostRequest)]
  }
  const asked = await run()
  expect(server.sessionCount).toBe(1)
  await expect
    .poll(() => {
      collect()
      // Not themselves, which a failed expectation would keep.
      return asked.map((held) => held.deref() === undefined)
    })
    .toStrictEqual([true, true])
  expect(await mooring.servers.health(actor, id)).toMatchObject({ liveSessions: 1 })
  await mooring.close()
})
