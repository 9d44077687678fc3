import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { MemoryTables } from "../storage/MemoryTables.ts"
import type { StoreError } from "../storage/StoreError.ts"
import type { AuditRecord } from "./AuditRecord.ts"

/** A part of what is recorded of a server: at most `limit` records, those before the record `before`. */
export interface AuditPage {
  readonly limit: number
  readonly before?: string | undefined
}

/**
 * Where it is recorded who did what to MCP servers (a port). Records stay when their server goes.
 */
export class AuditStore extends Context.Service<
  AuditStore,
  {
    /**
     * Adds records; one that is there already, by its id, is left as it is. Of each server the newest `keep` runs are
     * kept and as many other acts, and of all servers of an organization that are gone as many of either together.
     */
    readonly append: (records: ReadonlyArray<AuditRecord>, keep: number) => Effect.Effect<void, StoreError>
    /** The newest first; of the same time, the one that was added last. An unknown `before` gives an empty page. */
    readonly list: (
      organizationId: string,
      serverId: string,
      page: AuditPage,
    ) => Effect.Effect<ReadonlyArray<AuditRecord>, StoreError>
  }
>()("@mooring/core/audit/AuditStore") {
  /** Keeps records in this process; they are gone when it ends. */
  static readonly layerMemory = Layer.effect(
    AuditStore,
    Effect.gen(function* () {
      const { audit, servers } = yield* MemoryTables
      let appended = 0

      const isGone = (organizationId: string, serverId: string) =>
        servers.get(serverId)?.organizationId !== organizationId

      const append = (record: AuditRecord, keep: number) => {
        const { organizationId, serverId } = record
        const ofServers = audit.get(organizationId) ?? new Map<string, ServerAudit>()
        audit.set(organizationId, ofServers)
        const ofServer = ofServers.get(serverId) ?? { acts: [], runs: [] }
        ofServers.set(serverId, ofServer)
        const kind = kindOf(record)
        if (ofServer[kind].some(({ id }) => id === record.id)) return
        appended += 1
        ofServer[kind] = [...ofServer[kind], { ...record, seq: appended }].slice(-keep)
      }

      const limitGone = (organizationId: string, kind: keyof ServerAudit, keep: number) => {
        const ofServers = audit.get(organizationId) ?? new Map<string, ServerAudit>()
        const gone = [...ofServers.entries()].filter(([serverId]) => isGone(organizationId, serverId))
        const all = gone.flatMap(([, ofServer]) => ofServer[kind]).toSorted(bySeq)
        const oldest = all.at(-keep)?.seq ?? 0
        if (all.length <= keep) return
        for (const [serverId, ofServer] of gone) {
          ofServer[kind] = ofServer[kind].filter(({ seq }) => seq >= oldest)
          if (kinds.every((each) => ofServer[each].length === 0)) ofServers.delete(serverId)
        }
      }

      return AuditStore.of({
        append: (records, keep) =>
          Effect.sync(() => {
            for (const record of records) append(record, keep)
            const left = records.filter((record) => isGone(record.organizationId, record.serverId))
            for (const organizationId of new Set(left.map((record) => record.organizationId))) {
              for (const kind of kinds) limitGone(organizationId, kind, keep)
            }
          }),
        list: (organizationId, serverId, { before, limit }) =>
          Effect.sync(() => {
            const { acts, runs } = audit.get(organizationId)?.get(serverId) ?? { acts: [], runs: [] }
            const all = [...acts, ...runs].toSorted(newestFirst)
            const start = before === undefined ? 0 : all.findIndex(({ id }) => id === before) + 1
            if (before !== undefined && start === 0) return []
            return all.slice(start, start + limit).map(({ seq: _, ...record }) => record)
          }),
      })
    }),
  )
}

interface StoredRecord extends AuditRecord {
  /** In which order they were added. */
  readonly seq: number
}

/** What is recorded of one server, in the order in which it was added. */
export interface ServerAudit {
  acts: ReadonlyArray<StoredRecord>
  runs: ReadonlyArray<StoredRecord>
}

const kinds = ["acts", "runs"] as const
const kindOf = ({ act }: AuditRecord) => (act.action === "ran" ? "runs" : "acts")

const bySeq = (one: StoredRecord, other: StoredRecord): number => one.seq - other.seq
const newestFirst = (one: StoredRecord, other: StoredRecord): number =>
  DateTime.toEpochMillis(other.at) - DateTime.toEpochMillis(one.at) || other.seq - one.seq
