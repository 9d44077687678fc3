import * as Equal from "effect/Equal"
import type { McpServerId } from "../servers/McpServer.ts"
import { makeMcpToolId, type McpTool } from "./McpTool.ts"
import { checkSchemaHealth, type SchemaLimits } from "./SchemaHealth.ts"
import type { ToolDefinition } from "./ToolDefinition.ts"

/** What a refresh changed, by the names of tools. */
export interface ToolChanges {
  readonly added: ReadonlyArray<string>
  readonly updated: ReadonlyArray<string>
  readonly deleted: ReadonlyArray<string>
}

export const isChange = ({ added, deleted, updated }: ToolChanges): boolean =>
  added.length + deleted.length + updated.length > 0

/** The tools that take the place of a server's present ones, and what that changes. */
export interface ToolReplacement {
  readonly tools: ReadonlyArray<McpTool>
  readonly changes: ToolChanges
}

/**
 * Compares a server's stored tools with those that it lists now. A tool that keeps its name keeps its id, so that
 * whoever remembers the id still runs the same tool. Of two tools of one name the first one counts.
 */
export const replaceTools =
  (options: {
    readonly serverId: McpServerId
    readonly listed: ReadonlyArray<ToolDefinition>
    readonly userId: string
    readonly limits: SchemaLimits
  }) =>
  (current: ReadonlyArray<McpTool>): ToolReplacement => {
    const before = new Map(current.map((tool) => [tool.definition.name, tool]))
    const tools = new Map<string, McpTool>()
    const added: Array<string> = []
    const updated: Array<string> = []

    for (const definition of options.listed) {
      if (tools.has(definition.name)) continue
      const known = before.get(definition.name)
      if (known !== undefined && Equal.equals(known.definition, definition)) {
        tools.set(definition.name, known)
        continue
      }
      const changed = known === undefined ? added : updated
      changed.push(definition.name)
      tools.set(definition.name, {
        id: known?.id ?? makeMcpToolId(),
        serverId: options.serverId,
        definition,
        schemaHealth: checkSchemaHealth(definition.inputSchema, options.limits),
        createdBy: known?.createdBy ?? options.userId,
        updatedBy: options.userId,
      })
    }
    const deleted = [...before.keys()].filter((name) => !tools.has(name))
    return { tools: [...tools.values()], changes: { added, updated, deleted } }
  }
