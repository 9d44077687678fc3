import { alignColumns } from "../alignColumns.ts"
import { plural } from "../plural.ts"
import type { DatabaseInfo, KeyInfo } from "./DatabaseInfo.ts"

const kinds = { postgres: "PostgreSQL", sqlite: "SQLite" } as const

/** What `mooring info` tells, for people. */
export const infoText = (info: DatabaseInfo): string =>
  [overview(info), keyTable(info.keys ?? []), ...advice(info)].filter((part) => part !== "").join("\n\n")

const overview = ({ database, keys, migrations, release, servers, tools }: DatabaseInfo): string => {
  const pending = migrations.filter(({ taken }) => !taken).length
  return alignColumns([
    ["Database", database.location],
    ["", `${kinds[database.kind]} ${database.version}`],
    ["Release", release],
    ["Migrations", pending === 0 ? "up to date" : `${pending} of ${migrations.length} pending`],
    ...alignColumns(migrations.map(({ name, taken }) => [name, taken ? "taken" : "pending"]))
      .split("\n")
      .map((line) => ["", line]),
    ["Servers", servers === null ? "none: there are no tables yet" : countServers(servers, keys)],
    ...(tools === null ? [] : [["Tools", String(tools)]]),
  ])
}

const countServers = (servers: number, keys: DatabaseInfo["keys"]): string => {
  if (servers === 0 || keys === null) return String(servers)
  const withSecrets = keys.reduce((sum, key) => sum + key.servers, 0)
  return `${servers}, ${withSecrets === 0 ? "none" : withSecrets} of them with secrets`
}

const keyTable = (keys: ReadonlyArray<KeyInfo>): string => {
  if (keys.length === 0) return ""
  const isKeySet = keys.some(({ given }) => given !== null)
  return alignColumns([
    ["Key", "Servers", "Sign-ins", ...(isKeySet ? ["In MOORING_KEY"] : [])],
    ...keys.map((key, index) => [
      key.id,
      String(key.servers).padStart("Servers".length),
      // Those that are done, as credentials, and those under way.
      String(key.records - key.servers).padStart("Sign-ins".length),
      ...(isKeySet ? [placeOf(key, index + 1)] : []),
    ]),
  ])
}

const placeOf = ({ encrypts, given, records }: KeyInfo, position: number): string => {
  if (given !== true) return "missing"
  if (encrypts === true) return `key ${position}, encrypts`
  return records === 0 ? `key ${position}, not needed by any secret` : `key ${position}`
}

const advice = ({ keys, migrations }: DatabaseInfo): ReadonlyArray<string> => {
  const recordsWhere = (condition: (key: KeyInfo) => boolean) =>
    (keys ?? []).filter(condition).reduce((sum, { records }) => sum + records, 0)
  const missing = recordsWhere(({ given }) => given === false)
  const outdated = recordsWhere(({ encrypts, given }) => given === true && encrypts === false)
  const isKeyUnset = keys?.some(({ given }) => given === null)
  return [
    ...(migrations.some(({ taken }) => !taken)
      ? ['"mooring migrate" takes the steps that are pending.']
      : []),
    ...(missing > 0
      ? [
          `With this MOORING_KEY, the secrets of ${plural(missing, "record")} cannot be read and hosts do not start. Add the missing key behind the first one.`,
        ]
      : []),
    ...(outdated > 0
      ? [
          `The secrets of ${plural(outdated, "record")} are encrypted with another key than the first. "mooring rotate" encrypts them anew.`,
        ]
      : []),
    ...(isKeyUnset === true ? ["Set MOORING_KEY to see which of these keys it holds."] : []),
  ]
}
