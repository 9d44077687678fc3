import { Buffer } from "node:buffer"
import { readdir, readFile } from "node:fs/promises"
import { join, relative } from "node:path"
import { isMissing } from "./isMissing.ts"
import { dataFolder, logFile } from "./layout.ts"

/** The files of a cluster in which these bytes occur, relative to its folder. */
export const filesHolding = async (
  folder: string,
  bytes: string | Uint8Array,
): Promise<ReadonlyArray<string>> => {
  // Every file holds the empty string, which nobody means.
  if (bytes.length === 0) throw new RangeError("Looked for nothing: give the bytes of a canary")
  const canary = Buffer.from(typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes)
  const entries = await readdir(dataFolder(folder), { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => join(parentPath, name))
  const found: Array<string> = []
  for (const file of [...files, logFile(folder)]) {
    const content = await readFile(file).catch((error: unknown) => {
      // The server removes files at any time.
      if (isMissing(error)) return Buffer.alloc(0)
      throw error
    })
    if (content.includes(canary)) found.push(relative(folder, file))
  }
  return found
}
