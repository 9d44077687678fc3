// starterProcess.ts <path or URL of a database>: says "loaded", opens the database when it is told to by a line, and says
// which steps it has still found to be taken once it was ready.
import { sqliteStores } from "@mooring/storage-sqlite"
import { createInterface } from "node:readline"
import { openMooring } from "../../../storage-sql/test/faults/openMooring.ts"
import { postgresStores } from "../../src/index.ts"
import { keys } from "./keys.ts"

const [location = ""] = process.argv.slice(2)
const stores = location.startsWith("postgres:")
  ? postgresStores({ url: location, keys })
  : sqliteStores({ file: location, keys })

process.stdout.write("loaded\n")
for await (const _ of createInterface({ input: process.stdin })) {
  await using opened = await openMooring(stores)
  process.stdout.write(`ready ${JSON.stringify(await opened.mooring.migrate())}\n`)
  break
}
process.stdin.destroy()
