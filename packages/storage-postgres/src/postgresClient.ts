import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlClient } from "effect/sql/SqlClient"
import { type PostgresOptions, toClientConfig } from "./toClientConfig.ts"

/** A client with the settings of the stores and without the stores, as for the command `mooring`. */
export const postgresClient = (options: PostgresOptions): Layer.Layer<SqlClient, Error> =>
  Layer.unwrap(Effect.map(Effect.fromResult(toClientConfig(options)), PgClient.layer))
