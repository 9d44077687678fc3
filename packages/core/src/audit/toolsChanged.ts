import { nameAttribute } from "../telemetry/attributes.ts"
import type { ToolChanges } from "../tools/replaceTools.ts"
import type { AuditAct } from "./AuditRecord.ts"

/** A server may change ten thousand tools at once; who wants to know them all lists them. */
const maxNames = 100

/** What a listing has changed, as it is recorded. */
export const toolsChanged = ({ added, deleted, updated }: ToolChanges): AuditAct => ({
  action: "tools_changed",
  added: named(added),
  updated: named(updated),
  deleted: named(deleted),
})

const named = (names: ReadonlyArray<string>) => ({
  count: names.length,
  names: names.slice(0, maxNames).map(nameAttribute),
})
