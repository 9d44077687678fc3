import type { McpTarget } from "../mcp/McpTarget.ts"

/** Gets ready for sessions with servers; what it gives opens one, to be left alone then. */
export type OpenSessions = (
  targets: ReadonlyArray<McpTarget>,
) => Promise<(target: McpTarget) => Promise<void>>
