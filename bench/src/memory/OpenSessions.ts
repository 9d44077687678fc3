import type { McpTarget } from "../mcp/McpTarget.ts"

/** Sessions that are opened and left alone then. */
export interface Sessions {
  readonly open: (target: McpTarget) => Promise<void>
  /** How many of them there still are. */
  readonly count: () => Promise<number>
}

/** Gets ready for sessions with servers. */
export type OpenSessions = (targets: ReadonlyArray<McpTarget>) => Promise<Sessions>
