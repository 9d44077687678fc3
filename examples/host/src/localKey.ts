import { randomBytes, randomUUID } from "node:crypto"
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { fail } from "./fail.ts"

/** Where the key is kept that a host makes for itself: in the working directory, for the user who started it only. */
export const localKeyFile = (): string => resolve(".mooring/key")

/** The key in a file, which is made where there is none. */
export const localKey = (file: string): string => {
  try {
    return readKey(file) ?? makeKey(file)
  } catch (error) {
    return fail(
      `MOORING_KEY is unset, and a key cannot be kept in ${file} instead: ${error instanceof Error ? error.message : String(error)}.`,
    )
  }
}

const readKey = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8")
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined
    throw error
  }
}

const makeKey = (file: string): string => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, randomBytes(32).toString("base64url"), { flag: "wx", mode: 0o600, flush: true })
  try {
    // Under its name the key is whole or not there, and stays what it is: of hosts that start at once, one is the first,
    // and its key is that of all.
    linkSync(draft, file)
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error
  } finally {
    rmSync(draft)
  }
  return readFileSync(file, "utf8")
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code
