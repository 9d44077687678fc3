import { koaMooring } from "@mooring/adapter-koa"
import { koaConsole } from "@mooring/console"
import { createMooring } from "@mooring/core"
import Koa from "koa"
import { drive } from "./drive.js"
import { openConsole } from "./openConsole.js"

const mooring = createMooring<Koa.Context>({
  actor: (_request, ctx) =>
    ctx.get("x-user") === "" ? undefined : { organizationId: "smoke", userId: ctx.get("x-user") },
  stdio: "any",
})
const app = new Koa()
  .use(koaMooring(mooring, { path: "/deep/mcp" }))
  .use(koaConsole({ path: "/deep/console", api: "/deep/mcp" }))
const server = app.listen(0, "127.0.0.1", async () => {
  await drive(server, "/deep/mcp")
  await openConsole(server, "/deep/console")
  await mooring.close()
  server.close()
})
