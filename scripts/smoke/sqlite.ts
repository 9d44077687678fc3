import assert from "node:assert/strict"
import { rmSync } from "node:fs"
import { createMooring } from "@mooring/core"
import { sqliteStores } from "@mooring/storage-sqlite"

// The database stays for the command `mooring`, which is tried next.
const actor = { organizationId: "smoke", userId: "smoke" }
const open = async () => {
  const mooring = createMooring({
    actor: "single-user",
    stdio: "any",
    stores: sqliteStores({ file: "data/smoke.sqlite", keys: process.env["MOORING_KEY"] }),
  })
  await mooring.ready
  return mooring
}

rmSync("data", { recursive: true, force: true })
const first = await open()
const config = { type: "stdio", command: "/nowhere", args: [], env: { KEY: "s3cret" } } as const
const { id } = await first.servers.create(actor, { name: "kept", config })
await first.close()
const second = await open()
const kept = await second.servers.get(actor, id)
assert.equal(kept.name, "kept")
assert.deepEqual(await second.tools.list(actor, id), [])
await second.close()
console.log(`SQLite keeps ${kept.name}`)
