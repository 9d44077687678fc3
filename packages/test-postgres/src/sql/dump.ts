import { definitions, tables } from "./definitions.ts"
import { withClient } from "./withClient.ts"

const settings = [
  "begin isolation level repeatable read read only",
  // Shows the ASCII in a bytea as it is, which the default (hex) would hide from a search.
  "set local bytea_output = escape",
  // Fail rather than leave out rows.
  "set local row_security = off",
  // Names are given with their schema.
  "set local search_path = ''",
  "set local lock_timeout = '20s'",
]

/** All that SQL shows of a database; see `PostgresServer`. */
export const dump = (url: string): Promise<string> =>
  withClient(url, async (client) => {
    const rows = async (text: string) => {
      const result = await client.query<Array<string | null>>({ text, rowMode: "array" })
      return {
        columns: result.fields.map(({ name }) => name).join("\t"),
        lines: result.rows.map((row) => row.map((value) => value ?? "null").join("\t")),
      }
    }
    await client.query(settings.join("; "))
    const parts: Array<string> = []
    for (const [title, query] of Object.entries(definitions)) {
      parts.push(`-- ${title}`, ...(await rows(query)).lines)
    }
    for (const table of (await rows(tables)).lines) {
      const { columns, lines } = await rows(`select * from ${table}`)
      parts.push(`-- rows of ${table}`, columns, ...lines)
    }
    return parts.join("\n")
  })
