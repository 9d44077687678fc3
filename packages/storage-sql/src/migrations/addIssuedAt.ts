import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"

/** When an access token was given: how long before its end it is renewed depends on how long it lives. */
export const addIssuedAt = Effect.flatMap(
  SqlClient,
  (sql) => sql`alter table mooring_credentials add column issued_at text`,
)
