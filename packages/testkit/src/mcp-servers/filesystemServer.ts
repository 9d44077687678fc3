import { packageCommand } from "./packageCommand.ts"
import type { StdioCommand } from "./StdioCommand.ts"

/** The reference server `@modelcontextprotocol/server-filesystem` over stdio, let into the given directories alone. */
export function filesystemServer(directories: ReadonlyArray<string>): StdioCommand {
  return packageCommand("@modelcontextprotocol/server-filesystem", directories)
}
