import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"

/**
 * What tells one definition of a tool from another, whether it waits for somebody's approval, and what is approved of a
 * server: fingerprints as a list in JSON, null where nobody keeps count.
 */
export const addToolApprovals = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* sql`alter table mooring_tools add column fingerprint text`
  yield* sql`alter table mooring_tools add column needs_approval integer not null default 0`
  yield* sql`alter table mooring_servers add column approved_tools text`
})
