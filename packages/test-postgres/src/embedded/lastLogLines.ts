import { readFileSync } from "node:fs"
import { logFile } from "./layout.ts"

/** The last lines of the server's log, for an error's message. */
export const lastLogLines = (folder: string): string => {
  try {
    return readFileSync(logFile(folder), "utf8").trimEnd().split("\n").slice(-20).join("\n")
  } catch {
    return "(no log)"
  }
}
