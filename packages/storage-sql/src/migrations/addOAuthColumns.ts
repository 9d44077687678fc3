import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"

/** The secret of a client that is set for a server; the key that tokens are bound to, and the scopes that they lack. */
export const addOAuthColumns = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* sql`alter table mooring_servers add column oauth_client_secret text`
  yield* sql`alter table mooring_credentials add column dpop_key text`
  yield* sql`alter table mooring_credentials add column wanted_scope text`
})
