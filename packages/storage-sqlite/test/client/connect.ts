import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { DatabaseSync } from "node:sqlite"
import { sqliteClient, type SqliteClientOptions } from "../../src/client/SqliteClient.ts"

/** A client of its own, open for the length of the scope. */
export const connect = (options: SqliteClientOptions) =>
  Effect.map(Layer.build(Layer.fresh(sqliteClient(options))), Context.get(SqlClient))

/** A connection without anything of ours: what another program does to the file. */
export const connectPlainly = (file: string) =>
  Effect.acquireRelease(
    Effect.sync(() => new DatabaseSync(file)),
    (database) => Effect.sync(() => database.close()),
  )
