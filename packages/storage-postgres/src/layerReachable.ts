import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { SqlClient } from "effect/sql/SqlClient"

/** The database can't be used as it was given. The message never holds the URL: a password is in it. */
export class PostgresUnreachable extends Schema.TaggedError<PostgresUnreachable>()("PostgresUnreachable", {
  /** What the operating system or the database said. */
  problem: Schema.String,
  cause: Schema.Defect(),
}) {
  override get message() {
    return `The PostgreSQL database cannot be used: ${this.problem}. Check its URL, and that the server runs and lets this user in.`
  }
}

/** Asks the database for something, before anything is built on it. */
export const layerReachable = Layer.effectDiscard(
  SqlClient.use((sql) => sql`select 1`).pipe(
    Effect.mapError((cause) => new PostgresUnreachable({ problem: innermost(cause).message, cause })),
  ),
)

/** That of the driver says no more than that it failed. */
const innermost = (error: Error): Error => (error.cause instanceof Error ? innermost(error.cause) : error)
