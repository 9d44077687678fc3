import { koaMooring } from "@mooring/adapter-koa"
import { createMooring } from "@mooring/core"
import Koa from "koa"
import { drive } from "./drive.js"

const mooring = createMooring<Koa.Context>({
  actor: (_request, ctx) =>
    ctx.get("x-user") === "" ? undefined : { organizationId: "smoke", userId: ctx.get("x-user") },
  stdio: "any",
})
const server = new Koa().use(koaMooring(mooring, { path: "/deep/mcp" })).listen(0, "127.0.0.1", async () => {
  await drive(server, "/deep/mcp")
  await mooring.close()
  server.close()
})
