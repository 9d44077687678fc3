import { fail } from "./fail.ts"

/** Where an example host keeps its data. */
export type Database =
  | {
      readonly type: "sqlite"
      /** A path, relative to the working directory; or `:memory:`. */
      readonly file: string
    }
  | { readonly type: "postgres"; readonly url: string }

/** Reads `sqlite:path/to/file` or the URL of a PostgreSQL database. The message shows nothing of it: it may hold a password. */
export const parseDatabaseUrl = (text: string): Database => {
  if (/^postgres(?:ql)?:\/\//.test(text)) return { type: "postgres", url: text }
  // With slashes, some read a path from the root and others one from here: neither is guessed.
  const { file } = /^sqlite:(?!\/\/)(?<file>.+)$/.exec(text)?.groups ?? {}
  return file === undefined
    ? fail("DATABASE_URL is sqlite:path/to/file or postgres://user:password@host:5432/database.")
    : { type: "sqlite", file }
}
