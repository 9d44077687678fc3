import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"

/** The keys that nodes have begun to encrypt with, before there is anything that was. */
export const createKeys = Effect.flatMap(
  SqlClient,
  (sql) => sql`create table mooring_keys (key_id text not null primary key)`,
)
