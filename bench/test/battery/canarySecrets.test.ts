import { expect, test } from "vitest"
import { Canaries } from "../../src/battery/secrets/Canaries.ts"
import { printEverything } from "../../src/battery/secrets/printEverything.ts"
import { postgresDatabase, sqliteDatabase } from "../../src/battery/secrets/printedDatabases.ts"

// In memory too by `pnpm battery secrets`.
const databases = { PostgreSQL: postgresDatabase, SQLite: sqliteDatabase }

test.for(Object.entries(databases))("no secret is in anything that is printed: %s", async ([, database]) => {
  await using resources = new AsyncDisposableStack()
  const { hits, places, ways } = await printEverything(await database({ resources, uses: () => {} }))
  expect(hits).toStrictEqual([])
  expect(places.length).toBeGreaterThan(30)
  for (const made of [
    "access token",
    "refresh_token",
    "code_verifier",
    "client_assertion",
    "assertion",
    "an identity token",
    "a key that a token is bound to",
    "a grant's private key",
  ])
    expect(places).toContainEqual(expect.stringMatching(`^${made}`))
  expect(ways).toEqual(
    expect.arrayContaining(["REST", "log", "OpenTelemetry", "dump", "mooring.servers.list"]),
  )
})

test("a secret is found in each form in which it could be read back", () => {
  const canaries = new Canaries()
  const secret = canaries.make("a field")
  for (const print of [
    `Bearer ${secret}.`,
    Buffer.from(`user:${secret}`).toString("base64"),
    Buffer.from(`user1:${secret} and more`).toString("base64url"),
    Buffer.from(secret).toString("hex"),
    Buffer.from(secret, "utf16le"),
    new Uint8Array(Buffer.from(`\0\0${secret}\0`)),
  ])
    expect(canaries.in(print)).toEqual([expect.stringContaining("a field")])
  expect(canaries.in("canary-")).toStrictEqual([])
})
