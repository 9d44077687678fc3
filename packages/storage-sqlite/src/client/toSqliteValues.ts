import type { SQLInputValue } from "node:sqlite"

/**
 * The values of a statement's parameters as `node:sqlite` takes them; throws a `TypeError` for what SQLite cannot
 * hold. The message names the kind of the value, never the value. (Half of a surrogate pair becomes U+FFFD, as
 * wherever JavaScript's text is encoded to UTF-8.)
 */
export const toSqliteValues = (params: ReadonlyArray<unknown>): Array<SQLInputValue> =>
  params.map((param, index) => {
    switch (typeof param) {
      case "string":
        // Node 22 reads such a text only up to its NUL, and PostgreSQL refuses it too.
        if (param.includes("\0")) throw unfit(index, "text with a NUL character")
        return param
      case "number":
        // As a number, node binds 5 as the real 5.0, which reads "5.0" in a text column.
        if (Number.isSafeInteger(param)) return BigInt(param)
        // SQLite would make NULL of NaN.
        if (!Number.isFinite(param)) throw unfit(index, "a number that is not finite")
        return param
      case "bigint":
        if (BigInt.asIntN(64, param) !== param) throw unfit(index, "an integer of more than 64 bits")
        return param
      case "boolean":
        return param ? 1n : 0n
      case "object":
        if (param === null || param instanceof Uint8Array) return param
        throw unfit(index, "an object")
      default:
        throw unfit(index, param === undefined ? "undefined" : `a ${typeof param}`)
    }
  })

const unfit = (index: number, kind: string) =>
  new TypeError(
    `Parameter ${index + 1} is ${kind}. SQLite takes text, finite numbers, bigints of 64 bits, booleans, Uint8Arrays and null.`,
  )
