import type { Command } from "./Walk.ts"

/** An MCP server that is started for the walk, and used as if somebody else ran it. */
export interface WalkServer {
  readonly command: Command
  readonly start: () => StartedServer
}

export interface StartedServer {
  /** `http://127.0.0.1:<port>`, once it listens. */
  readonly origin: Promise<string>
  readonly end: () => Promise<void>
}
