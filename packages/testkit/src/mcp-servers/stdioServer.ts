import { scriptCommand } from "./scriptCommand.ts"
import type { StdioCommand } from "./StdioCommand.ts"
import type { ServerEra } from "./TestServerOptions.ts"

export interface StdioServerOptions {
  /** Default: `both`, as the first message of the client decides. */
  readonly era?: ServerEra
  /** Whether there is {@link askTool} too. */
  readonly asks?: boolean
  /** Whether there are {@link reportTool} and `calls` too, which answers with `{calls, cancellations}` as JSON. */
  readonly reports?: boolean
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
  reports = false,
  args = [],
  env,
}: StdioServerOptions = {}): StdioCommand {
  const more = [...(asks ? ["ask"] : []), ...(reports ? ["report", "calls"] : [])].join(",")
  const command = scriptCommand("wellBehaved", [era, more, ...args])
  return env === undefined ? command : { ...command, env }
}
