import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import type { SpiedStatement } from "./StatementSpy.ts"

/** How a database goes about a statement. */
export interface Plan {
  readonly lines: ReadonlyArray<string>
  /** Lines that read one of Mooring's tables, or an index of it, from end to end. */
  readonly scans: ReadonlyArray<string>
  /** Lines that put in order what no index has in order: all of it is read, however little is wanted. */
  readonly sorts: ReadonlyArray<string>
}

/** Asks for the plan; nothing is executed. */
export const explain = Effect.fnUntraced(function* (statement: SpiedStatement) {
  const sql = yield* SqlClient
  const { lines, scans } = yield* sql.onDialectOrElse({
    pg: () => explainPostgres(sql, statement),
    orElse: () => explainSqlite(sql, statement),
  })
  const plan: Plan = {
    lines,
    scans,
    sorts: lines.filter((line) => /^ *(?:-> +)?(?:Incremental )?Sort$|USE TEMP B-TREE/.test(line)),
  }
  return plan
})

/**
 * PostgreSQL plans a prepared statement for its parameters at first, and may later go by one plan for any parameters:
 * both are asked for.
 */
const explainPostgres = Effect.fnUntraced(function* (sql: SqlClient, { params, text }: SpiedStatement) {
  const plans = yield* Effect.forEach(["force_custom_plan", "force_generic_plan"], (mode) =>
    Effect.gen(function* () {
      yield* sql`set local plan_cache_mode = ${sql.literal(mode)}`
      yield* sql.unsafe(`prepare mooring_explained as ${text}`).unprepared
      const values = params.length === 0 ? "" : `(${params.map(toLiteral).join(", ")})`
      const rows = yield* sql.unsafe<{ readonly "QUERY PLAN": string }>(
        `explain (costs off) execute mooring_explained ${values}`,
      ).unprepared
      yield* sql`deallocate mooring_explained`
      return rows.map((row) => row["QUERY PLAN"])
    }).pipe(sql.withTransaction),
  )
  const lines = plans.flat()
  const firstColumns = yield* firstColumnsOfIndexes
  const isScan = (line: string, at: number): boolean => {
    if (/Seq Scan on mooring_(?:servers|tools)\b/.test(line)) return true
    const index = /Index (?:Only )?Scan (?:Backward )?(?:using|on) (mooring_(?:servers|tools)_\w+)/.exec(
      line,
    )?.[1]
    // PostgreSQL 18 also goes through an index whose first column is not known, once for each value of it.
    const firstColumn = index === undefined ? undefined : firstColumns.get(index)
    return (
      firstColumn !== undefined && !new RegExp(`Index Cond: .*\\b${firstColumn}\\b`).test(lines[at + 1] ?? "")
    )
  }
  return { lines, scans: lines.filter(isScan) }
})

const firstColumnsOfIndexes = Effect.gen(function* () {
  const sql = yield* SqlClient
  const rows = yield* sql<{ readonly index: string; readonly first: string }>`
    select i.indexrelid::regclass::text as index, a.attname::text as first
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid in ('mooring_servers'::regclass, 'mooring_tools'::regclass)`
  return new Map(rows.map(({ first, index }) => [index, first]))
})

const toLiteral = (value: unknown): string =>
  value === null
    ? "null"
    : typeof value === "number"
      ? String(value)
      : `'${String(value).replaceAll("'", "''")}'`

// What else it calls SCAN is no table: json_each, the result of a part of the statement. ANY is for an index whose first
// column is not known.
const scanOfSqlite = /^SCAN (?:mooring_servers|mooring_tools|s|t)\b|\(ANY\(/

const explainSqlite = Effect.fnUntraced(function* (sql: SqlClient, { params, text }: SpiedStatement) {
  const rows = yield* sql.unsafe<{ readonly detail: string }>(`explain query plan ${text}`, params).unprepared
  const lines = rows.map(({ detail }) => detail)
  return { lines, scans: lines.filter((line) => scanOfSqlite.test(line)) }
})
