import { storageSuite } from "@mooring/testkit"
import { execFile } from "node:child_process"
import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { sqliteStores } from "../src/index.ts"

const run = promisify(execFile)
const keys = randomBytes(32).toString("hex")

storageSuite("SQLite", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mooring-suite-"))
  return {
    openNode: () => sqliteStores({ file: join(folder, "data.sqlite"), keys }),
    // By another process: when one closes a file that it has also open as a database, SQLite's locks are gone.
    dump: async () => {
      const { stdout } = await run("sh", ["-c", 'cat "$1"/*', "sh", folder], {
        encoding: "buffer",
        maxBuffer: 1024 ** 3,
      })
      return [stdout]
    },
    close: () => rm(folder, { recursive: true }),
  }
})
