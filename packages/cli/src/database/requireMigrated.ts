import { pendingMigrations } from "@mooring/storage-sql"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Database } from "./Database.ts"

/** The tables are not of the form that this release needs. */
export class MigrationsPending extends Schema.TaggedError<MigrationsPending>()("MigrationsPending", {
  location: Schema.String,
  pending: Schema.Array(Schema.String),
}) {
  override get message() {
    return `${this.location} is not of the form that this release needs. Run "mooring migrate" first; it will take ${this.pending.join(", ")}.`
  }
}

/** Fails where the tables are of an older release, or not there. */
export const requireMigrated = ({ location }: Database) =>
  Effect.flatMap(pendingMigrations, (pending) =>
    pending.length === 0 ? Effect.void : Effect.fail(new MigrationsPending({ location, pending })),
  )
