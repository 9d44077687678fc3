import { createServer } from "node:http"
import { hostSuite } from "@mooring/testkit"
import Koa from "koa"
import { koaMooring } from "../src/index.ts"
import { listen } from "./listen.ts"

hostSuite("Koa", async (mooring, mountPath) => {
  const app = new Koa().use(koaMooring(mooring, { path: mountPath }))
  const { origin, [Symbol.asyncDispose]: close } = await listen(createServer(app.callback()))
  return { url: origin + mountPath.replace(/\/$/, ""), close }
})
