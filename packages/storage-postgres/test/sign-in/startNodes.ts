import type { MooringOptions } from "@mooring/core"
import { startPostgres } from "@mooring/test-postgres"
import { listenForHost } from "../../../testkit/test/sign-in/startSignInHost.ts"
import { postgresStores } from "../../src/index.ts"

/** Two hosts on one database, behind one public URL, and what is in the database. */
export const startNodes = async (options: Partial<MooringOptions> = {}) => {
  const postgres = await startPostgres()
  const url = await postgres.createDatabase()
  const [first, second] = [await listenForHost(), await listenForHost()]
  const common = { ...options, publicUrl: first.origin }
  const start = (listening: typeof first) =>
    // Stores of its own for each: they share nothing but the database.
    listening.start({ ...common, stores: postgresStores({ url, keys: "3e".repeat(32) }) })
  const a = await start(first)
  const b = await start(second)
  return {
    a,
    b,
    postgres,
    url,
    /** A callback as it arrives at the second node, by way of a balancer. */
    atSecond: (callback: URL) => new URL(callback.pathname + callback.search, second.origin),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([a.close(), b.close()])
      await postgres.close()
    },
  }
}
