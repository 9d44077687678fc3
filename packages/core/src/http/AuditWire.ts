import * as Schema from "effect/Schema"
import * as Tuple from "effect/Tuple"
import { AuditAct, type AuditRecord } from "../audit/AuditRecord.ts"

/** Who did what to an MCP server, and when. */
export const AuditRecordAnswer = AuditAct.mapMembers(
  Tuple.map(
    Schema.fieldsAssign({ id: Schema.String, at: Schema.DateTimeUtcFromString, user_id: Schema.String }),
  ),
).annotate({ identifier: "AuditRecord" })

export const toAuditRecordAnswer = ({ act, at, id, userId }: AuditRecord): typeof AuditRecordAnswer.Type => ({
  id,
  at,
  user_id: userId,
  ...act,
})
