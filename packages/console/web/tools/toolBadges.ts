import type { Tool } from "../api/wire.ts"

export type ToolBadge = "changed" | "destructive" | "invalid" | "read_only"

export const badgeLabels: Readonly<Record<ToolBadge, string>> = {
  changed: "Changed",
  destructive: "Destructive",
  invalid: "Invalid schema",
  read_only: "Read-only",
}

/**
 * What is worth knowing of a tool before it is run. Its annotations are the server's own words (MCP 2025-11-25,
 * server/tools): they may warn, and never make anything allowed.
 */
export const badgesOf = (tool: Tool, changed: ReadonlySet<string>): ReadonlyArray<ToolBadge> => {
  const { needs_approval: needsApproval, schema_health: health } = tool.metadata_.mcp
  const isReadOnly = hint(tool, "readOnlyHint") === true
  return [
    ...(health === "INVALID" ? (["invalid"] as const) : []),
    ...(needsApproval === true || changed.has(tool.name) ? (["changed"] as const) : []),
    ...(isReadOnly ? (["read_only"] as const) : isDestructive(tool) ? (["destructive"] as const) : []),
  ]
}

/** Whether it says that it destroys: to say nothing counts as well for the protocol, and would warn of nearly every tool. */
export const isDestructive = (tool: Tool): boolean =>
  hint(tool, "destructiveHint") === true && hint(tool, "readOnlyHint") !== true

export const titleOf = ({ metadata_, name }: Tool): string => {
  const { annotations } = metadata_.mcp
  const title =
    typeof annotations === "object" && annotations !== null && "title" in annotations
      ? annotations.title
      : undefined
  return typeof title === "string" && title.trim() !== "" ? title : name
}

const hint = ({ metadata_ }: Tool, name: string): unknown => {
  const { annotations } = metadata_.mcp
  return typeof annotations === "object" && annotations !== null && Object.hasOwn(annotations, name)
    ? Object.entries(annotations).find(([key]) => key === name)?.[1]
    : undefined
}

/** The tools in which all words of a search occur. */
export const searchTools = (tools: ReadonlyArray<Tool>, search: string): ReadonlyArray<Tool> => {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return tools.filter((tool) => {
    const text = `${tool.name} ${titleOf(tool)} ${tool.description}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
