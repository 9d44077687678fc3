import type { McpTarget } from "../mcp/McpTarget.ts"

/** Opens a way to call the tool `echo`; what it gives calls it once, and rejects where the result is wrong. */
export type OpenCaller = (target: McpTarget) => Promise<() => Promise<void>>
