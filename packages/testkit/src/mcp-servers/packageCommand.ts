import { createRequire } from "node:module"
import type { StdioCommand } from "./StdioCommand.ts"

const require = createRequire(import.meta.url)

/** The reference servers, by the package that each is in. */
export type ReferencePackage =
  | "@modelcontextprotocol/server-everything"
  | "@modelcontextprotocol/server-filesystem"
  | "@modelcontextprotocol/server-memory"

/** A reference server as a command of this same Node: no `npx`, which would add a process and need the network. */
export function packageCommand(name: ReferencePackage, args: ReadonlyArray<string>): StdioCommand {
  return { command: process.execPath, args: [require.resolve(`${name}/dist/index.js`), ...args] }
}
