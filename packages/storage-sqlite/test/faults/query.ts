import { DatabaseSync } from "node:sqlite"

/** One statement on a connection of its own, beside whoever else has the file open. */
export const query = (file: string, text: string): ReadonlyArray<Readonly<Record<string, unknown>>> => {
  const database = new DatabaseSync(file, { timeout: 5_000 })
  try {
    // Node makes objects without a prototype, which no comparison takes for plain ones.
    return database
      .prepare(text)
      .all()
      .map((row) => ({ ...row }))
  } finally {
    database.close()
  }
}
