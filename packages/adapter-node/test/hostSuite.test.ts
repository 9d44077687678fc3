import { createServer } from "node:http"
import { hostSuite } from "@mooring/testkit"
import { toNodeHandler } from "../src/index.ts"
import { listen } from "./listen.ts"

hostSuite("node:http", async (mooring, mountPath) => {
  const handler = toNodeHandler(mooring)
  const prefix = mountPath.replace(/\/$/, "")
  const server = createServer((req, res) => {
    // What frameworks do of themselves: the handler sees the path from below the mount point.
    req.url = req.url?.slice(prefix.length)
    void handler(req, res)
  })
  const { origin, [Symbol.asyncDispose]: close } = await listen(server)
  return { url: origin + prefix, close }
})
