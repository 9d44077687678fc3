import { randomBytes } from "node:crypto"
import { expect, test, vi } from "vitest"
import { startPostgres, startRestartablePostgres } from "../src/index.ts"
import { query } from "./query.ts"

const newCanary = () => `canary-${randomBytes(8).toString("hex")}`

test("what was deleted, rolled back, indexed, logged or stored as bytes is found", async () => {
  await using server = await startRestartablePostgres()
  const url = await server.createDatabase()
  await query(url, "create table t (a text, b bytea)")

  const absent = newCanary()
  expect(await server.filesHolding(absent)).toEqual([])

  const deleted = newCanary()
  await query(url, "insert into t (a) values ($1)", [deleted])
  await query(url, "delete from t")
  expect(await server.filesHolding(deleted)).toEqual([
    expect.stringMatching(/^data\/(base|pg_wal)\//),
    expect.stringMatching(/^data\/(base|pg_wal)\//),
  ])

  const rolledBack = newCanary()
  await query(url, `begin; insert into t (a) values ('${rolledBack}'); rollback`)
  expect(await server.filesHolding(rolledBack)).not.toEqual([])

  const key = randomBytes(16)
  await query(url, "insert into t (b) values ($1)", [key])
  expect(await server.filesHolding(key)).not.toEqual([])

  const logged = newCanary()
  await expect(query(url, `select '${logged}'::int`)).rejects.toThrow(logged)
  expect(await server.filesHolding(logged)).toEqual(["server.log"])

  expect(await server.filesHolding(absent)).toEqual([])
  await expect(server.filesHolding("")).rejects.toThrow("nothing")
})

test("works while the server is paused or stopped", async () => {
  await using server = await startRestartablePostgres()
  const url = await server.createDatabase()
  const canary = newCanary()
  await query(url, "create table t (a text)")
  await query(url, "insert into t values ($1)", [canary])
  server.pause()
  expect(await server.filesHolding(canary)).toEqual([expect.stringContaining("pg_wal")])
  await server.stop("fast")
  expect(await server.filesHolding(canary)).toHaveLength(2)
})

test("is undefined for a server whose files are out of reach", async () => {
  await using host = await startRestartablePostgres()
  vi.stubEnv("DATABASE_URL", await host.createDatabase())
  await using server = await startPostgres()
  vi.unstubAllEnvs()
  expect(await server.filesHolding(newCanary())).toBeUndefined()
})
