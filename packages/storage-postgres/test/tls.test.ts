import { McpServerStore } from "@mooring/core"
import { type PostgresServer, startPostgres } from "@mooring/test-postgres"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"
import { execFileSync, spawnSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { postgresStores } from "../src/index.ts"
import type { PostgresOptions } from "../src/toClientConfig.ts"

const keys = randomBytes(32).toString("hex")
let plain: PostgresServer
let encrypted: PostgresServer
let ca: string

/** It takes a server of our own, and the program that makes certificates. */
const canOfferTls =
  process.env["DATABASE_URL"] === undefined && spawnSync("openssl", ["version"]).status === 0

beforeAll(async () => {
  if (!canOfferTls) return
  plain = await startPostgres()
  encrypted = await startPostgres()
  ca = await offerTls(await encrypted.createDatabase())
})
afterAll(() => canOfferTls && Promise.all([plain.close(), encrypted.close()]))

/** What becomes of a start with these options. */
const start = (url: string, tls: PostgresOptions["tls"]) =>
  McpServerStore.use(({ list }) => list("acme", {})).pipe(
    Effect.provide(postgresStores({ url, keys, tls })),
    Effect.as("started"),
    Effect.catch((error) => Effect.succeed(error.message)),
    Effect.runPromise,
  )

describe.runIf(canOfferTls)("TLS", () => {
  test("is used where it is asked for, with a certificate that is trusted", async () => {
    expect(await start(await encrypted.createDatabase(), { ca })).toBe("started")
    expect(await start(`${await encrypted.createDatabase()}?sslmode=disable`, { ca })).toBe("started")
  })

  test.each([
    ["a certificate that nobody vouches for", true, ""],
    ["the same by the word of the URL", undefined, "?sslmode=require"],
  ] as const)("is refused with %s", async (_, tls, query) => {
    expect(await start((await encrypted.createDatabase()) + query, tls)).toContain("self-signed certificate")
  })

  test("is not done without where the server has none", async () => {
    expect(await start(await plain.createDatabase(), { ca })).toMatch(/cannot be used: .*(SSL|TLS)/)
  })
})

/** Has a server offer TLS with a new certificate of its own, which is returned. */
const offerTls = async (url: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "mooring-tls-"))
  try {
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")]
    const subject = ["-subj", "/CN=mooring", "-addext", "subjectAltName=IP:127.0.0.1"]
    const files = ["-keyout", key, "-out", certificate]
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject, ...files],
      {
        stdio: "ignore",
      },
    )
    await Effect.gen(function* () {
      const sql = yield* SqlClient
      for (const [name, file] of [
        ["server.key", key],
        ["server.crt", certificate],
      ] as const) {
        const pem = yield* Effect.promise(() => readFile(file, "base64"))
        // Written by the server itself: it demands that the key is its own and closed to others.
        yield* sql.unsafe(`copy (select '${pem}') to program 'umask 077; base64 -d > ${name}'`)
      }
      yield* sql`alter system set ssl = on`
      yield* sql`select pg_reload_conf()`
      yield* Effect.promise(() =>
        vi.waitFor(
          async () => {
            const [row] = await Effect.runPromise(sql<{ ssl: string }>`show ssl`)
            expect(row?.ssl).toBe("on")
          },
          { timeout: 10_000, interval: 20 },
        ),
      )
    }).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(url) })), Effect.runPromise)
    return await readFile(certificate, "utf8")
  } finally {
    await rm(folder, { recursive: true })
  }
}
