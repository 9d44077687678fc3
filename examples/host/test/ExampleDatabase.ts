import { type PostgresServer, startPostgres } from "@mooring/test-postgres"
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll } from "vitest"
import type { ExampleEnv } from "./ExampleProcess.ts"

/** Where the examples of one test keep what they are told. */
export interface ExampleData extends AsyncDisposable {
  /** The working directory, empty in the beginning. */
  readonly cwd: string
  /** What of the environment names the database. */
  readonly env: ExampleEnv
  /** The files, of the working directory and of the database, in which a text stands as it is. */
  readonly filesHolding: (text: string) => Promise<ReadonlyArray<string>>
}

/** A kind of database that examples are started with. */
export interface ExampleDatabase {
  readonly name: string
  readonly make: () => Promise<ExampleData>
}

export const defaultDatabase: ExampleDatabase = {
  name: "the default database",
  make: () => makeData({}),
}

/** The kinds of database, with one PostgreSQL server for all tests of the file. */
export const exampleDatabases = (): ReadonlyArray<ExampleDatabase> => {
  let postgres: PostgresServer | undefined
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres?.close())

  return [
    defaultDatabase,
    { name: "a SQLite file", make: () => makeData({ DATABASE_URL: "sqlite:kept/here.sqlite" }) },
    {
      name: "PostgreSQL",
      make: async () => {
        if (postgres === undefined) throw new Error("PostgreSQL is started before the first test")
        return makeData({ DATABASE_URL: await postgres.createDatabase() }, postgres)
      },
    },
  ]
}

const makeData = async (env: ExampleEnv, postgres?: PostgresServer): Promise<ExampleData> => {
  const cwd = await mkdtemp(join(tmpdir(), "mooring-example-"))
  return {
    cwd,
    env,
    filesHolding: async (text) => {
      const entries = await readdir(cwd, { recursive: true, withFileTypes: true })
      const files = entries
        .filter((entry) => entry.isFile())
        .map(({ name, parentPath }) => join(parentPath, name))
      const contents = await Promise.all(files.map(async (file) => ({ file, bytes: await readFile(file) })))
      const found = contents.filter(({ bytes }) => bytes.includes(text)).map(({ file }) => file)
      // A server that somebody else runs shows no files, but what is in its tables.
      const inServer = (await postgres?.filesHolding(text)) ?? []
      const url = env["DATABASE_URL"] ?? ""
      const inTables = postgres !== undefined && (await postgres.dump(url)).includes(text) ? ["tables"] : []
      return [...found, ...inServer, ...inTables]
    },
    [Symbol.asyncDispose]: () => rm(cwd, { recursive: true }),
  }
}
