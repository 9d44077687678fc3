import { exceedsDepth } from "../security/exceedsDepth.ts"

/** How large a request of an MCP server's may be. */
export interface ParamsLimits {
  readonly maxJsonDepth: number
  readonly serverRequestBytes: number
}

/** Whether what an MCP server sends is small enough to look at. */
export const isWithinLimits = (params: unknown, limits: ParamsLimits): boolean =>
  !exceedsDepth(params, limits.maxJsonDepth) &&
  Buffer.byteLength(JSON.stringify(params) ?? "") <= limits.serverRequestBytes
