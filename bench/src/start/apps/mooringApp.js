import { expressMooring } from "@mooring/adapter-express"
import { createMooring } from "@mooring/core"
import { sqliteStores } from "@mooring/storage-sqlite"
import express from "express"
import { randomBytes } from "node:crypto"

const app = express()
app.get("/", (_, response) => void response.json({ ok: true }))
const mooring = createMooring({
  actor: "single-user",
  stores: sqliteStores({
    file: `${process.pid}.sqlite`,
    keys: randomBytes(32).toString("hex"),
  }),
})
await mooring.ready
app.use("/mcp", expressMooring(mooring))
app.listen(0, "127.0.0.1", () => process.stdout.write("listening\n"))
