import type { DatabaseSync, StatementSync } from "node:sqlite"

/** More than the texts of Mooring's statements; a prepared statement takes a few kilobytes. */
const capacity = 256

/** Prepares statements, and keeps those used last. */
export interface StatementCache {
  readonly prepare: (sql: string, options: { readonly keep: boolean }) => StatementSync
}

export const makeStatementCache = (database: DatabaseSync): StatementCache => {
  // A Map keeps the order of insertion: the first key is the one unused for longest.
  const statements = new Map<string, StatementSync>()
  return {
    prepare: (sql, { keep }) => {
      // Without https://github.com/nodejs/node/pull/64219 the first `all()` after a change has the columns of before.
      if (changesSchema.test(sql)) statements.clear()
      if (!keep) return prepareOne(database, sql)
      const statement = statements.get(sql) ?? prepareOne(database, sql)
      statements.delete(sql)
      statements.set(sql, statement)
      if (statements.size > capacity) {
        for (const oldest of statements.keys()) {
          statements.delete(oldest)
          break
        }
      }
      return statement
    },
  }
}

/** A rollback may undo a change of the schema. */
const changesSchema = /^\s*(?:alter|create|drop|rollback)\b/i

/** `node:sqlite` would prepare the first of several statements and drop the rest without a word. */
const prepareOne = (database: DatabaseSync, sql: string): StatementSync => {
  if (holdsNothing.test(sql)) throw new TypeError("The SQL text holds no statement.")
  const statement = database.prepare(sql)
  if (!holdsNothing.test(sql.slice(statement.sourceSQL.length))) {
    throw new TypeError("The SQL text holds more than one statement. Run them one by one.")
  }
  return statement
}

/** Blanks, semicolons and comments. */
const holdsNothing = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$))*$/
