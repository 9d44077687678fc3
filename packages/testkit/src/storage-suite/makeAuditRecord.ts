import { randomUUID } from "node:crypto"
import { type AuditAct, type AuditRecord, AuditRecordId, AuditStore, type McpServer } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"

/** Far more than any case adds. */
export const plenty = 1_000

/** A record of what alice has done to the server, so many milliseconds after some time. */
export const makeAuditRecord = (
  { id, organizationId }: Pick<McpServer, "id" | "organizationId">,
  after: number,
  act: AuditAct = { action: "connected", outcome: `after ${after}` },
  fields: Partial<AuditRecord> = {},
): AuditRecord => ({
  id: AuditRecordId.make(`mcp_audit-${randomUUID()}`),
  organizationId,
  serverId: id,
  userId: "alice",
  at: timeAfter(after),
  act,
  ...fields,
})

export const timeAfter = (millis: number) => DateTime.makeUnsafe(1_700_000_000_001 + millis)

export const ranAct = (tool: string): AuditAct => ({
  action: "ran",
  tool,
  outcome: "success",
  runs: 3,
  since: timeAfter(0),
})

export const appendRecords = (records: ReadonlyArray<AuditRecord>, keep = plenty) =>
  AuditStore.use((audit) => audit.append(records, keep))

/** All that is recorded of a server, the newest first. */
export const recordsOf = ({ id, organizationId }: Pick<McpServer, "id" | "organizationId">) =>
  Effect.map(
    AuditStore.use((audit) => audit.list(organizationId, id, { limit: 100_000 })),
    (records) => records.map(readableRecord),
  )

/** A record in a form that can be compared. */
export const readableRecord = ({ act, at, ...record }: AuditRecord) => ({
  ...record,
  at: DateTime.formatIso(at),
  act: act.action === "ran" ? { ...act, since: DateTime.formatIso(act.since) } : act,
})
