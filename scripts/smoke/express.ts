import { expressMooring } from "@mooring/adapter-express"
import { expressConsole } from "@mooring/console"
import { createMooring } from "@mooring/core"
import express from "express"
import { drive } from "./drive.js"
import { openConsole } from "./openConsole.js"

const mooring = createMooring({ actor: "single-user", stdio: "any" })
const app = express().use(express.json()).use("/deep/mcp", expressMooring(mooring))
app.use("/deep/console", expressConsole({ api: "/deep/mcp" }))
const server = app.listen(0, "127.0.0.1", async () => {
  await drive(server, "/deep/mcp")
  await openConsole(server, "/deep/console")
  await mooring.close()
  server.close()
})
