import { storageSuite } from "@mooring/testkit"
import { startPostgres, type PostgresServer } from "@mooring/test-postgres"
import { randomBytes } from "node:crypto"
import { afterAll, beforeAll } from "vitest"
import { postgresStores } from "../src/index.ts"

const keys = randomBytes(32).toString("hex")
let postgres: PostgresServer
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.close())

storageSuite("PostgreSQL", async () => {
  const url = await postgres.createDatabase()
  return {
    openNode: () => postgresStores({ url, keys }),
    dump: async () => [await postgres.dump(url)],
    close: async () => {},
  }
})
