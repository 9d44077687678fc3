import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import {
  type DatabaseSize,
  fillDatabase,
  type FilledServer,
} from "../../../packages/storage-sql/test/scale/fillDatabase.ts"
import type { BenchContext } from "../Bench.ts"
import { shared } from "../sampling/shared.ts"
import { type Database, type DatabaseKind, databaseKinds } from "./databases.ts"

/** A database with many servers in it. */
export interface FilledDatabase extends Database {
  /** Servers to be read, in the order of their creation. */
  readonly read: ReadonlyArray<FilledServer>
  /** Others of the same kind, for benches that change or remove them. */
  readonly spare: ReadonlyArray<FilledServer>
}

export interface FilledDatabases {
  readonly kind: string
  /** 100 servers. */
  readonly small: FilledDatabase
  /** 100,000 servers. */
  readonly large: FilledDatabase
}

const small = { servers: 100, read: 100 }
const large = { servers: 100_000, read: 2_000 }
const spare = 10

export const filledDatabases = shared(async (context) => {
  const filled: Array<FilledDatabases> = []
  for (const kind of databaseKinds) {
    filled.push({
      kind: kind.name,
      small: await create(context, kind, small),
      large: await create(context, kind, large),
    })
  }
  return filled
})

const create = async (
  context: BenchContext,
  kind: DatabaseKind,
  size: DatabaseSize,
): Promise<FilledDatabase> => {
  process.stdout.write(`… fills ${kind.name} with ${size.servers} servers\n`)
  const database = await kind.create(context)
  const servers = await fillDatabase(size).pipe(
    Effect.provide(Layer.merge(database.stores, database.client)),
    Effect.runPromise,
  )
  return { ...database, read: servers.slice(0, -spare), spare: servers.slice(-spare) }
}
