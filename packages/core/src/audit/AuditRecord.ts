import * as Schema from "effect/Schema"
import { prefixedUuid } from "../identifiers.ts"

/** `mcp_audit-<uuid4>`. */
export const AuditRecordId = Schema.String.pipe(Schema.brand("AuditRecordId"))
export type AuditRecordId = typeof AuditRecordId.Type

export const makeAuditRecordId = (): AuditRecordId => AuditRecordId.make(prefixedUuid("mcp_audit"))

const act = <const Action extends string, Fields extends Schema.Struct.Fields>(
  action: Action,
  fields: Fields,
) => Schema.Struct({ action: Schema.Literal(action), ...fields })

/** `success`, `error` where the other side says so, `cancelled`, or the code of what was in the way. */
const outcome = Schema.String

/** How many tools, and the names of the first hundred. */
const Tools = Schema.Struct({ count: Schema.Int, names: Schema.Array(Schema.String) })

/**
 * What somebody has done to an MCP server, or by it. Names, codes and fingerprints: never arguments, results, secrets or
 * what a server has answered.
 */
export const AuditAct = Schema.Union([
  act("registered", { name: Schema.String }),
  act("changed", {
    name: Schema.String,
    /** `endpoint` is the URL or the command, `credentials` are tokens, headers, environment and OAuth. */
    parts: Schema.Array(Schema.Literals(["name", "endpoint", "credentials"])),
  }),
  act("deleted", { name: Schema.optionalKey(Schema.String) }),
  act("connected", { outcome }),
  act("signed_out", {}),
  /** By the server itself, as seen in the name of that user. */
  act("tools_changed", { added: Tools, updated: Tools, deleted: Tools }),
  act("approved", { tool: Schema.String, fingerprint: Schema.String }),
  /** Runs of one tool by one user that ended alike and soon after one another, since the first of them. */
  act("ran", { tool: Schema.String, outcome, runs: Schema.Int, since: Schema.DateTimeUtcFromString }),
])
export type AuditAct = typeof AuditAct.Type

/** Who did what to which MCP server, and when. */
export interface AuditRecord {
  readonly id: AuditRecordId
  readonly organizationId: string
  readonly serverId: string
  readonly userId: string
  readonly at: typeof Schema.DateTimeUtc.Type
  readonly act: AuditAct
}
