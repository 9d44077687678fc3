import type { AuditedTools, AuditRecord } from "../api/wire.ts"

/** What somebody has done, as the end of a sentence that begins with who. */
export const describeAct = (record: AuditRecord): string => {
  switch (record.action) {
    case "registered":
      return `registered it as ${record.name ?? "a server"}`
    case "changed":
      return `changed its ${(record.parts ?? []).map(partName).join(" and ") || "config"}`
    case "deleted":
      return "deleted it"
    case "connected":
      return record.outcome === "success"
        ? "connected to it"
        : `could not connect to it (${outcomeOf(record)})`
    case "signed_out":
      return "signed out of it"
    case "tools_changed":
      return `saw its tools change: ${changes(record)}`
    case "approved":
      return `approved ${record.tool ?? "a tool"}`
    case "ran":
      return `ran ${record.tool ?? "a tool"}${times(record.runs)}${
        record.outcome === "success" ? "" : ` (${outcomeOf(record)})`
      }`
    // A newer host may record more.
    default:
      return record.action.replaceAll("_", " ")
  }
}

const partName = (part: string): string => (part === "endpoint" ? "address" : part)

const outcomeOf = ({ outcome }: AuditRecord): string => (outcome ?? "no outcome").replaceAll("_", " ")

const times = (runs: number | undefined): string => (runs === undefined || runs < 2 ? "" : ` ${runs} times`)

const shownNames = 5

const changes = ({ added, deleted, updated }: AuditRecord): string =>
  [part("added", added), part("changed", updated), part("removed", deleted)].filter(Boolean).join("; ") ||
  "nothing"

const part = (what: string, tools: AuditedTools | undefined): string => {
  if (tools === undefined || tools.count === 0) return ""
  const names = tools.names.slice(0, shownNames)
  const more = tools.count - names.length
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""} ${what}`
}
