import { expect, test } from "vitest"
import { infoText } from "../src/database/infoText.ts"

const info = {
  database: { kind: "sqlite", version: "3.53.4", location: "sqlite:/data/mooring.sqlite" },
  release: "1.2.3",
  migrations: [
    { name: "0001_first", taken: true },
    { name: "0002_the_second", taken: true },
  ],
  servers: 2,
  tools: 7,
  keys: [],
} as const

test("a key that only sign-ins need is needed", () => {
  const key = { records: 3, servers: 0, given: true, encrypts: false }
  const text = infoText({
    ...info,
    keys: [
      { id: "aaaaaaaaaaaaaaaa", records: 0, servers: 0, given: true, encrypts: true },
      { id: "bbbbbbbbbbbbbbbb", ...key },
      { id: "cccccccccccccccc", ...key, given: false },
    ],
  })
  expect(text).toBe(`\
Database    sqlite:/data/mooring.sqlite
            SQLite 3.53.4
Release     1.2.3
Migrations  up to date
            0001_first       taken
            0002_the_second  taken
Servers     2, none of them with secrets
Tools       7

Key               Servers  Sign-ins  In MOORING_KEY
aaaaaaaaaaaaaaaa        0         0  key 1, encrypts
bbbbbbbbbbbbbbbb        0         3  key 2
cccccccccccccccc        0         3  missing

With this MOORING_KEY, the secrets of 3 records cannot be read and hosts do not start. Add the missing key behind the first one.

The secrets of 3 records are encrypted with another key than the first. "mooring rotate" encrypts them anew.`)
})

test("in the middle of an upgrade, what can be counted is", () => {
  const [first, second] = info.migrations
  const text = infoText({ ...info, migrations: [first, { ...second, taken: false }], keys: null })
  expect(text).toBe(`\
Database    sqlite:/data/mooring.sqlite
            SQLite 3.53.4
Release     1.2.3
Migrations  1 of 2 pending
            0001_first       taken
            0002_the_second  pending
Servers     2
Tools       7

"mooring migrate" takes the steps that are pending.`)
})
