import type { Client } from "@modelcontextprotocol/client"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { exceedsDepth } from "../security/exceedsDepth.ts"
import { ToolDefinition } from "../tools/ToolDefinition.ts"

export interface ListLimits {
  /** For all pages together. */
  readonly listTimeoutMs: number
  readonly maxTools: number
  readonly maxToolPages: number
  readonly maxJsonDepth: number
}

/**
 * Asks for every page of a server's tools (MCP 2025-11-25, server/utilities/pagination).
 *
 * The client's own `listTools` refuses the whole list for one malformed tool; this one leaves out only an entry
 * that has no name at all, and of an entry the schemas that are nested too deeply to be handled. A cursor that comes a second time, or too many pages or tools, end the list.
 */
export const listAllTools = async (
  client: Client,
  limits: ListLimits,
  signal: AbortSignal,
): Promise<ReadonlyArray<ToolDefinition>> => {
  if (client.getServerCapabilities()?.tools === undefined) return []

  const deadline = performance.now() + limits.listTimeoutMs
  const tools: Array<ToolDefinition> = []
  const seen = new Set<string>()
  let cursor: string | undefined
  for (let page = 0; page < limits.maxToolPages && tools.length < limits.maxTools; page += 1) {
    const params = cursor === undefined ? {} : { cursor }
    const timeout = Math.max(1, deadline - performance.now())
    const result = await client.request({ method: "tools/list", params }, toolPage, { signal, timeout })
    for (const entry of result.tools) {
      const tool = Option.getOrUndefined(decodeTool(withoutDeepFields(entry, limits.maxJsonDepth)))
      if (tool !== undefined && tools.length < limits.maxTools) tools.push(tool)
    }
    cursor = result.nextCursor
    if (cursor === undefined || cursor === "" || seen.has(cursor)) break
    seen.add(cursor)
  }
  return tools
}

const toolPage = Schema.toStandardSchemaV1(
  Schema.Struct({
    tools: Schema.Array(Schema.Unknown),
    nextCursor: Schema.optional(Schema.String),
  }),
)

const decodeTool = Schema.decodeUnknownOption(ToolDefinition)

const withoutDeepFields = (entry: unknown, maxDepth: number): unknown =>
  Predicate.isObject(entry)
    ? Object.fromEntries(Object.entries(entry).filter(([, value]) => !exceedsDepth(value, maxDepth)))
    : entry
