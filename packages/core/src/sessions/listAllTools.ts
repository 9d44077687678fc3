import type { Client } from "@modelcontextprotocol/client"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { exceedsDepth } from "../security/exceedsDepth.ts"
import { withFiniteNumbers } from "../security/withFiniteNumbers.ts"
import type { TraceMeta } from "../telemetry/spans.ts"
import { ToolDefinition } from "../tools/ToolDefinition.ts"
import { nextTurn } from "../transport/nextTurn.ts"

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
 * that has no name at all, and of the others those fields that are not what they should be. A cursor that comes a second time, or too many pages or tools, end the list.
 */
export const listAllTools = async (
  client: Client,
  limits: ListLimits,
  signal: AbortSignal,
  meta?: TraceMeta,
): Promise<ReadonlyArray<ToolDefinition>> => {
  if (client.getServerCapabilities()?.tools === undefined) return []

  const deadline = performance.now() + limits.listTimeoutMs
  const tools: Array<ToolDefinition> = []
  const seen = new Set<string>()
  let cursor: string | undefined
  for (let page = 0; page < limits.maxToolPages && tools.length < limits.maxTools; page += 1) {
    const params = {
      ...(cursor === undefined ? {} : { cursor }),
      ...(meta === undefined ? {} : { _meta: meta }),
    }
    const timeout = Math.max(1, deadline - performance.now())
    const result = await client.request({ method: "tools/list", params }, toolPage, { signal, timeout })
    for (const [index, entry] of result.tools.entries()) {
      const tool = Option.getOrUndefined(decodeTool(usableFields(entry, limits.maxJsonDepth)))
      if (tool !== undefined) tools.push(tool)
      if (tools.length >= limits.maxTools) break
      // However long a page is, others have their turn.
      if (index % entriesInOneTurn === entriesInOneTurn - 1) await nextTurn()
    }
    cursor = result.nextCursor ?? ""
    if (cursor === "" || seen.has(cursor)) break
    seen.add(cursor)
  }
  return tools
}

const entriesInOneTurn = 200

const toolPage = Schema.toStandardSchemaV1(
  Schema.Struct({
    tools: Schema.Array(Schema.Unknown),
    nextCursor: Schema.optional(Schema.NullOr(Schema.String)),
  }),
)

const decodeTool = Schema.decodeUnknownOption(ToolDefinition)

/** What can be used of an entry: a field that is null, of the wrong type or nested too deeply is as good as absent. */
const usableFields = (entry: unknown, maxDepth: number): unknown => {
  if (!Predicate.isObject(entry)) return entry
  const { name, title, description, ...rest } = entry
  const schemas = Object.entries(rest).filter(([, value]) => value !== null && !exceedsDepth(value, maxDepth))
  return {
    ...withFiniteNumbers(Object.fromEntries(schemas)),
    name,
    ...(typeof title === "string" ? { title } : {}),
    ...(typeof description === "string" ? { description } : {}),
  }
}
