// changerProcess.ts <file>: another process on the same file. Each line that it is sent is the id of a server, and what its
// header `x-revision` is to be, or nothing to have it removed. It answers "done".
import { createInterface } from "node:readline"
import { openMooring } from "../../../storage-sql/test/faults/openMooring.ts"
import { sqliteStores } from "../../src/index.ts"
import { keys } from "./keys.ts"

const [file = ""] = process.argv.slice(2)
const actor = { organizationId: "default", userId: "other" }

await using opened = await openMooring(sqliteStores({ file, keys }), {
  egress: { allowRanges: ["127.0.0.0/8"] },
})
process.stdout.write("ready\n")
for await (const line of createInterface({ input: process.stdin })) {
  const [id = "", revision] = line.split(" ")
  if (revision === undefined) await opened.mooring.servers.remove(actor, id)
  else
    await opened.mooring.servers.update(actor, id, {
      config: { type: "streamable_http", customHeaders: { "x-revision": revision } },
    })
  process.stdout.write("done\n")
}
