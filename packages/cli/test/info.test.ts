import { SecretCipher } from "@mooring/core"
import { writeFile } from "node:fs/promises"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { databases, newKey } from "./databases.ts"
import { mooringHere } from "./mooringCommand.ts"
import { createServers } from "./servers.ts"

const keyIdOf = (key: string) =>
  Effect.runPromise(
    Effect.provide(
      SecretCipher.use(({ keyId }) => Effect.succeed(keyId)),
      SecretCipher.layer(key),
    ),
  )

describe.each(databases())("info on $kind", ({ create, kind }) => {
  const read = async (settings: Parameters<typeof mooringHere>[1]) => {
    const { code, stderr, stdout } = await mooringHere(["info", "--json"], settings)
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" })
    const found: unknown = JSON.parse(stdout)
    return found
  }

  test("of a database without tables", async () => {
    const DATABASE_URL = await create()
    // A file that is there, and empty.
    if (kind === "SQLite") await makeEmptyFile(DATABASE_URL)
    expect(await read({ DATABASE_URL })).toMatchObject({
      database: { kind: kind === "SQLite" ? "sqlite" : "postgres" },
      migrations: expect.arrayContaining([{ name: "0001_create_servers_and_tools", taken: false }]),
      servers: null,
      tools: null,
      keys: null,
    })
    const { stdout } = await mooringHere(["info"], { DATABASE_URL })
    expect(stdout).toMatch(
      /^Migrations {2}(\d+) of \1 pending\n {12}0001_create_servers_and_tools +pending\n/m,
    )
    expect(stdout).toMatch(/\n\n"mooring migrate" takes the steps that are pending\.\n$/)
  })

  test("counts servers, and secrets by key", async () => {
    const DATABASE_URL = await create()
    const [first, second, third] = [newKey(), newKey(), newKey()]
    const [firstId, secondId, thirdId] = await Promise.all([first, second, third].map(keyIdOf))
    await createServers(DATABASE_URL, first, ["one", "two", "open"])
    await createServers(DATABASE_URL, `${second},${first}`, ["remote"])
    const location = DATABASE_URL.replace(/:[^:]*@/, "@")

    expect(await read({ DATABASE_URL })).toStrictEqual({
      database: {
        kind: kind === "SQLite" ? "sqlite" : "postgres",
        version: expect.stringMatching(/^\d+\./),
        location,
      },
      release: expect.stringMatching(/^\d+\.\d+\.\d+/),
      migrations: expect.arrayContaining([{ name: "0001_create_servers_and_tools", taken: true }]),
      servers: 4,
      tools: 0,
      keys: [
        { id: firstId, records: 2, servers: 2, given: null, encrypts: null },
        { id: secondId, records: 1, servers: 1, given: null, encrypts: null },
      ].toSorted((one, other) => (String(one.id) < String(other.id) ? -1 : 1)),
    })
    expect(await read({ DATABASE_URL, MOORING_KEY: `${second},${third}` })).toMatchObject({
      keys: [
        { id: secondId, records: 1, servers: 1, given: true, encrypts: true },
        { id: thirdId, records: 0, servers: 0, given: true, encrypts: false },
        { id: firstId, records: 2, servers: 2, given: false, encrypts: false },
      ],
    })

    const { code, stderr, stdout } = await mooringHere(["info"], {
      DATABASE_URL,
      MOORING_KEY: [second, third, first].join(","),
    })
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" })
    expect(stdout).toMatch(new RegExp(`^Database {4}\\S+\\n {12}${kind} \\d`))
    expect(stdout).toContain(`Database    ${location}\n`)
    expect(stdout).toContain(`
Servers     4, 3 of them with secrets
Tools       0

Key               Servers  Sign-ins  In MOORING_KEY
${secondId}        1         0  key 1, encrypts
${thirdId}        0         0  key 2, not needed by any secret
${firstId}        2         0  key 3

The secrets of 2 records are encrypted with another key than the first. "mooring rotate" encrypts them anew.
`)
    const missing = await mooringHere(["info"], { DATABASE_URL, MOORING_KEY: second })
    expect(missing.stdout).toContain(
      `\n${firstId}        2         0  missing\n\nWith this MOORING_KEY, the secrets of 2 records`,
    )
  })
})

const makeEmptyFile = (url: string) => writeFile(url.slice("sqlite:".length), "")
