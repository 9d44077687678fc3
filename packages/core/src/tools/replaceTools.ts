import type { McpServerId } from "../servers/McpServer.ts"
import { type ApprovedDefinitions, approvedBefore } from "./approval.ts"
import { makeMcpToolId, type McpTool } from "./McpTool.ts"
import { checkSchemaHealth, type SchemaLimits } from "./SchemaHealth.ts"
import type { ListedTool } from "./toolFingerprint.ts"

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
  /** What is approved from now on. Left out: what it was. */
  readonly approved?: ApprovedDefinitions
  readonly changes: ToolChanges
}

/**
 * Compares a server's stored tools with those that it lists now. A tool that keeps its name keeps its id, so that
 * whoever remembers the id still runs the same tool. Of two tools of one name the first one counts.
 *
 * Where changed tools are to be approved, so is one that is new: a server that takes a tool away and brings it back, or
 * has a second one do its work, has changed it as much.
 */
export const replaceTools =
  (options: {
    readonly serverId: McpServerId
    readonly listed: ReadonlyArray<ListedTool>
    readonly userId: string
    readonly limits: SchemaLimits
    readonly approveChangedTools: boolean
  }) =>
  (current: ReadonlyArray<McpTool>, approved: ApprovedDefinitions): ToolReplacement => {
    const trusted = options.approveChangedTools ? approvedBefore(current, approved) : null
    const isTrusted = trusted === null ? () => true : contains(trusted)
    const before = new Map(current.map((tool) => [tool.definition.name, tool]))
    const tools = new Map<string, McpTool>()
    const added: Array<string> = []
    const updated: Array<string> = []

    for (const { definition, fingerprint } of options.listed) {
      if (tools.has(definition.name)) continue
      const known = before.get(definition.name)
      if (known?.fingerprint === fingerprint) {
        tools.set(definition.name, known)
        continue
      }
      const changed = known === undefined ? added : updated
      changed.push(definition.name)
      tools.set(definition.name, {
        id: known?.id ?? makeMcpToolId(),
        serverId: options.serverId,
        definition,
        fingerprint,
        needsApproval: !isTrusted(fingerprint),
        schemaHealth: checkSchemaHealth(definition.inputSchema, options.limits),
        createdBy: known?.createdBy ?? options.userId,
        updatedBy: options.userId,
      })
    }
    const deleted = [...before.keys()].filter((name) => !tools.has(name))
    const next = [...tools.values()]
    // A first listing is one that brings something: nobody has trusted a server for what it did not have.
    const isFirst = options.approveChangedTools && trusted === null && next.length > 0
    return {
      tools: next,
      approved: isFirst ? next.map(({ fingerprint }) => fingerprint) : trusted,
      changes: { added, updated, deleted },
    }
  }

const contains = (fingerprints: ReadonlyArray<string>): ((fingerprint: string) => boolean) => {
  const all = new Set(fingerprints)
  return (fingerprint) => all.has(fingerprint)
}
