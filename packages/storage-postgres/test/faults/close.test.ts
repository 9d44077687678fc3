import { type RestartablePostgres, startRestartablePostgres } from "@mooring/test-postgres"
import { setTimeout as delay } from "node:timers/promises"
import { afterAll, beforeAll, expect, test } from "vitest"
import { startNode } from "../../../storage-sql/test/faults/startNode.ts"
import { outages } from "./outages.ts"
import { countConnections, countListeners } from "./query.ts"
import { storesBy } from "./storesBy.ts"

let server: RestartablePostgres
beforeAll(async () => {
  server = await startRestartablePostgres()
})
afterAll(() => server.close())

const cases = outages.flatMap((outage) =>
  Object.entries(storesBy).map(([way, stores]) => ({ ...outage, stores, way })),
)

test.each(cases)(
  "a host closes that has the database by $way, which is $name, and requests wait for it",
  { timeout: 120_000 },
  async ({ begin, end, stores }) => {
    const url = await server.createDatabase()
    let arrived = 0
    await using node = await startNode({
      stores: stores(url),
      actor: () => {
        arrived += 1
        return { organizationId: "org", userId: "user" }
      },
    })
    await expect.poll(() => countListeners(url)).toBe(1)
    await begin(server)

    // More than there are connections.
    const waiting = Array.from({ length: 15 }, () => node.request("GET", ""))
    await expect.poll(() => arrived).toBe(15)
    const closing = node.mooring.close()
    const isClosed = await Promise.race([closing.then(() => true), delay(10_000, false, { ref: false })])
    const answers = await Promise.all(waiting)

    await end(server)
    await expect.poll(() => countConnections(url), { timeout: 10_000, interval: 20 }).toBe(0)
    expect(isClosed).toBe(true)
    expect(answers.map(({ status }) => status)).toStrictEqual(answers.map(() => 503))
    expect(answers.filter(({ retryAfter }) => retryAfter === null)).toStrictEqual([])
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(10_000)
  },
)
