import { fileURLToPath } from "node:url"
import type { StdioCommand } from "./StdioCommand.ts"

/** The programs beside this file that run in a process of their own. */
export type ScriptName = "loopback" | "misbehave" | "wellBehaved"

// The programs are compiled with the rest; in a checkout they are run as they are.
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js"

/** The URL of a program, as TypeScript in a checkout and as JavaScript in the published package. */
export function scriptUrl(script: ScriptName): URL {
  return new URL(`./scripts/${script}.${extension}`, import.meta.url)
}

const stripTypes = "--experimental-strip-types"

/** The Node options that a program needs here: before 22.18, Node takes TypeScript only on demand. */
export function scriptNodeOptions(): ReadonlyArray<string> {
  return extension === "ts" && process.allowedNodeEnvironmentFlags.has(stripTypes)
    ? [stripTypes, "--disable-warning=ExperimentalWarning"]
    : []
}

/** A program of ours as a command of this same Node. */
export function scriptCommand(script: ScriptName, args: ReadonlyArray<string>): StdioCommand {
  return {
    command: process.execPath,
    args: [...scriptNodeOptions(), fileURLToPath(scriptUrl(script)), ...args],
  }
}
