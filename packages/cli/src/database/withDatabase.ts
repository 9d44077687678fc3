import { postgresClient } from "@mooring/storage-postgres"
import { sqliteClient } from "@mooring/storage-sqlite"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import type { Database } from "./Database.ts"
import { DatabaseFailure, toDatabaseFailure } from "./DatabaseFailure.ts"

/** Whoever types a command waits for its first sign of life; connecting alone may take 3 seconds. */
const patience = Duration.seconds(4)

/** Connects to the database for as long as it is used. */
export const withDatabase = <A>(
  database: Database,
  use: Effect.Effect<A, Error, SqlClient>,
): Effect.Effect<A, Error> =>
  answers(database).pipe(
    Effect.andThen(use),
    Effect.provide(connect(database)),
    Effect.mapError(toDatabaseFailure(database.location)),
  )

const connect = (database: Database): Layer.Layer<SqlClient, Error> =>
  database.kind === "sqlite"
    ? sqliteClient({ file: database.file })
    : // As many as `rotateSecrets` uses at once: the others are the hosts'.
      postgresClient({ url: database.url, maxConnections: 4 })

/** A pooler may take the connection although it reaches no server, and would let the first statement wait for minutes. */
const answers = ({ location }: Database) =>
  Effect.timeoutOrElse(
    SqlClient.use((sql) => sql`select 1`),
    {
      duration: patience,
      orElse: () =>
        Effect.fail(
          new DatabaseFailure({
            location,
            problem:
              "it took the connection, and then gave no answer. Look at the server, and at a pooler before it.",
          }),
        ),
    },
  )
