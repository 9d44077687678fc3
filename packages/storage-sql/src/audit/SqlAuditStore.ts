import { type AuditPage, type AuditRecord, AuditStore } from "@mooring/core"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { arrayLiteral } from "../arrayLiteral.ts"
import { isAuditRecordId, isServerId } from "../identifiers.ts"
import { makeStoreMethod } from "../storeMethod.ts"
import { auditColumns, type AuditRow, binOf, decodeAudit, encodeAudit } from "./AuditRow.ts"

/** Who did what to MCP servers, in the table `mooring_audit`. */
export const layerSqlAuditStore = (timeout: Duration.Input) =>
  Layer.effect(
    AuditStore,
    Effect.gen(function* () {
      const sql = (yield* SqlClient).withoutTransforms()
      const method = yield* makeStoreMethod(timeout)

      const columns = sql.literal(auditColumns.join(", "))
      const inList = (values: ReadonlyArray<string>) =>
        sql.onDialectOrElse({
          pg: () => sql`= any(${arrayLiteral(values)}::text[])`,
          orElse: () => sql`in (select value from json_each(${JSON.stringify(values)}))`,
        })

      const insertAll = (rows: ReadonlyArray<AuditRow>) => {
        // One statement, however many records: both databases limit the number of parameters.
        const all = (column: keyof AuditRow) => arrayLiteral(rows.map((row) => row[column]))
        return sql.onDialectOrElse({
          pg: () => sql`
            insert into mooring_audit (${columns})
            select * from unnest(${all("id")}::text[], ${all("organization_id")}::text[], ${all("server_id")}::text[],
              ${all("bin")}::text[], ${all("user_id")}::text[], ${all("at")}::text[], ${all("act")}::text[])
            on conflict (id) do nothing`,
          orElse: () => sql`
            insert into mooring_audit (${columns})
            select value ->> 'id', value ->> 'organization_id', value ->> 'server_id', value ->> 'bin',
              value ->> 'user_id', value ->> 'at', value ->> 'act'
            from json_each(${JSON.stringify(rows)}) where true
            on conflict (id) do nothing`,
        })
      }

      /** Bins as rows `b (organization_id, bin)`. */
      const asRows = (bins: ReadonlyArray<Bin>) =>
        sql.onDialectOrElse({
          pg: () => sql`
            unnest(${arrayLiteral(bins.map((bin) => bin.organization_id))}::text[],
              ${arrayLiteral(bins.map(({ bin }) => bin))}::text[]) as b (organization_id, bin)`,
          orElse: () => sql`
            (select value ->> 'organization_id' as organization_id, value ->> 'bin' as bin
              from json_each(${JSON.stringify(bins)})) as b`,
        })

      /** What was recorded of a server before it was known to be gone is kept with what is recorded of others. */
      const moveToGone = (bins: ReadonlyArray<Bin>) => sql`
        update mooring_audit set bin = substr(bin, 1, ${binPrefix})
        where (organization_id, bin) in (select b.organization_id, b.bin from ${asRows(bins)})`

      const prune = (bins: ReadonlyArray<Bin>, keep: number) => sql`
        delete from mooring_audit where seq in (
          select r.seq
          from (
            select b.organization_id, b.bin, (
              select n.seq from mooring_audit n
              where n.organization_id = b.organization_id and n.bin = b.bin
              order by n.seq desc limit 1 offset ${keep}
            ) as oldest
            from ${asRows(bins)}
          ) full_bins
          join mooring_audit r on r.organization_id = full_bins.organization_id and r.bin = full_bins.bin
            and r.seq <= full_bins.oldest
        )`

      const append = Effect.fnUntraced(function* (records: ReadonlyArray<AuditRecord>, keep: number) {
        const ids = [...new Set(records.map(({ serverId }) => serverId))]
        const servers = yield* sql<{ readonly id: string; readonly organization_id: string }>`
          select id, organization_id from mooring_servers where id ${inList(ids)}`
        const owners = new Map(servers.map(({ id, organization_id }) => [id, organization_id]))
        const isGone = ({ organizationId, serverId }: AuditRecord) => owners.get(serverId) !== organizationId
        const rows = yield* Effect.forEach(records, (record) => encodeAudit(record, isGone(record)))
        yield* insertAll(rows)
        const left = distinct(
          records
            .filter(isGone)
            .flatMap(({ organizationId, serverId }) =>
              kinds.map((kind) => ({ organization_id: organizationId, bin: binOf(kind, serverId) })),
            ),
        )
        if (left.length > 0) yield* moveToGone(left)
        const gone = left.map(({ bin, organization_id }) => ({
          organization_id,
          bin: bin.slice(0, binPrefix),
        }))
        yield* prune(distinct([...rows, ...gone]), keep)
      }, sql.withTransaction)

      const list = Effect.fnUntraced(function* (
        organizationId: string,
        serverId: string,
        { before, limit }: AuditPage,
      ) {
        if (!isServerId(serverId) || (before !== undefined && !isAuditRecordId(before))) return []
        const rows = yield* sql<AuditRow>`
          select ${columns} from mooring_audit
          where organization_id = ${organizationId} and server_id = ${serverId}
          ${
            before === undefined
              ? sql.literal("")
              : sql`and (at, seq) < (
                  select at, seq from mooring_audit
                  where id = ${before} and organization_id = ${organizationId} and server_id = ${serverId})`
          }
          order by at desc, seq desc limit ${limit}`
        return yield* Effect.forEach(rows, decodeAudit)
      })

      return AuditStore.of({
        append: (records, keep) =>
          records.length === 0 ? Effect.void : method("AuditStore.append")(append(records, keep)),
        list: (organizationId, serverId, page) =>
          method("AuditStore.list")(list(organizationId, serverId, page)),
      })
    }),
  )

const kinds = ["acts", "runs"] as const

const binPrefix = binOf("acts", undefined).length

type Bin = Pick<AuditRow, "organization_id" | "bin">

const distinct = (bins: ReadonlyArray<Bin>): ReadonlyArray<Bin> => [
  ...new Map(
    bins.map(({ bin, organization_id }) => [`${bin} ${organization_id}`, { organization_id, bin }]),
  ).values(),
]
