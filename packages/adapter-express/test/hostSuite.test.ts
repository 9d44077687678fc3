import { hostSuite } from "@mooring/testkit"
import compression from "compression"
import express from "express"
import { expressMooring } from "../src/index.ts"
import { listen } from "./listen.ts"

hostSuite("Express", async (mooring, mountPath) => {
  const app = express().use(mountPath, expressMooring(mooring))
  const { origin, [Symbol.asyncDispose]: close } = await listen(app)
  return { url: origin + mountPath.replace(/\/$/, ""), close }
})

hostSuite(
  "Express behind compression() and express.json()",
  async (mooring, mountPath) => {
    const app = express()
      .use(compression({ threshold: 0 }))
      .use(express.json({ limit: "4mb" }))
    app.use(mountPath, expressMooring(mooring))
    const { origin, [Symbol.asyncDispose]: close } = await listen(app)
    return { url: origin + mountPath.replace(/\/$/, ""), close }
  },
  { parsesBodies: true, mountPaths: ["/"] },
)
