import { expressMooring } from "@mooring/adapter-express"
import { createMooring } from "@mooring/core"
import express from "express"
import { drive } from "./drive.js"

const mooring = createMooring({ actor: "single-user", stdio: "any" })
const app = express().use(express.json()).use("/deep/mcp", expressMooring(mooring))
const server = app.listen(0, "127.0.0.1", async () => {
  await drive(server, "/deep/mcp")
  await mooring.close()
  server.close()
})
