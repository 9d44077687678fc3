import { AuditAct, type AuditRecord, AuditRecordId } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { decodeTime, encodeTime } from "../times.ts"

/** A row of `mooring_audit`. */
export interface AuditRow {
  readonly id: string
  readonly organization_id: string
  readonly server_id: string
  /** See {@link binOf}. */
  readonly bin: string
  readonly user_id: string
  /** ISO 8601, UTC. */
  readonly at: string
  /** JSON. */
  readonly act: string
}

/** The columns of an {@link AuditRow}, as they are inserted. */
export const auditColumns = [
  "id",
  "organization_id",
  "server_id",
  "bin",
  "user_id",
  "at",
  "act",
] as const satisfies ReadonlyArray<keyof AuditRow>

/** What a record is kept with: the newest of each bin are. Those of servers that are gone share theirs. */
export const binOf = (kind: "acts" | "runs", serverId: string | undefined): string =>
  `${kind}:${serverId ?? ""}`

export const encodeAudit = Effect.fnUntraced(function* (
  { act, at, id, organizationId, serverId, userId }: AuditRecord,
  isGone: boolean,
) {
  const row: AuditRow = {
    id,
    organization_id: organizationId,
    server_id: serverId,
    bin: binOf(act.action === "ran" ? "runs" : "acts", isGone ? undefined : serverId),
    user_id: userId,
    at: encodeTime(at),
    act: yield* encodeAct(act),
  }
  return row
})

export const decodeAudit = Effect.fnUntraced(function* (row: Omit<AuditRow, "bin">) {
  const record: AuditRecord = {
    id: AuditRecordId.make(row.id),
    organizationId: row.organization_id,
    serverId: row.server_id,
    userId: row.user_id,
    at: yield* decodeTime(row.at),
    act: yield* decodeAct(row.act),
  }
  return record
})

const encodeAct = Schema.encodeEffect(Schema.fromJsonString(AuditAct))
const decodeAct = Schema.decodeEffect(Schema.fromJsonString(AuditAct))
