import { type PostgresServer, startPostgres } from "@mooring/test-postgres"
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll } from "vitest"

/** A kind of database, and how a test gets an empty one. */
export interface Kind {
  readonly kind: "PostgreSQL" | "SQLite"
  /** The `DATABASE_URL` of a database that has no tables yet. */
  readonly create: () => Promise<string>
}

/** Both kinds; what is made is removed after the file's tests. */
export const databases = (): ReadonlyArray<Kind> => {
  let server: Promise<PostgresServer> | undefined
  afterAll(async () => (await server)?.close())
  return [
    { kind: "SQLite", create: async () => `sqlite:${join(temporaryFolder(), "data.sqlite")}` },
    { kind: "PostgreSQL", create: async () => (await (server ??= startPostgres())).createDatabase() },
  ]
}

/** An empty folder, which is removed after the file's tests. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "mooring-cli-"))
  folders.push(folder)
  return folder
}
const folders: Array<string> = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** As `mooring secret` makes it. */
export const newKey = (): string => randomBytes(32).toString("base64url")
