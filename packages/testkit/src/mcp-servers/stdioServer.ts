import { scriptCommand } from "./scriptCommand.ts"
import type { StdioCommand } from "./StdioCommand.ts"
import type { ServerEra } from "./TestServerOptions.ts"

export interface StdioServerOptions {
  /** Default: `both`, as the first message of the client decides. */
  readonly era?: ServerEra
  /** Whether there is {@link askTool} too. */
  readonly asks?: boolean
  /** More arguments, for the tool `argv`. */
  readonly args?: ReadonlyArray<string>
  /** The command's `env`, for the tool `env`. */
  readonly env?: Record<string, string>
}

/**
 * A well-behaved MCP server over stdio: the default tools, and of its process `env` (as a JSON object), `argv` (the
 * additional arguments, as a JSON array) and `pid`.
 */
export function stdioServer({
  era = "both",
  asks = false,
  args = [],
  env,
}: StdioServerOptions = {}): StdioCommand {
  const command = scriptCommand("wellBehaved", [era, asks ? "ask" : "", ...args])
  return env === undefined ? command : { ...command, env }
}
