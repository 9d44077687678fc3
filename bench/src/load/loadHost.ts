import { expressMooring } from "@mooring/adapter-express"
import { createMooring } from "@mooring/core"
import { sqliteStores } from "@mooring/storage-sqlite"
import * as Schema from "effect/Schema"
import express from "express"
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { McpTarget } from "../mcp/McpTarget.ts"
import { answerParent } from "../processes/answerParent.ts"
import { listenOnLoopback } from "../processes/listenOnLoopback.ts"
import { registerTarget } from "../runs/registerTarget.ts"
import type { LoadedServer } from "./LoadedServer.ts"

// A host on Express and SQLite with many servers, those of a few organizations.

const folder = mkdtempSync(join(tmpdir(), "mooring-bench-"))
process.once("exit", () => rmSync(folder, { recursive: true }))
process.once("SIGTERM", () => process.exit(0))

const mooring = createMooring({
  actor: ({ headers }) => ({
    organizationId: headers.get("x-organization") ?? "",
    userId: headers.get("x-user") ?? "",
  }),
  stores: sqliteStores({ file: join(folder, "mooring.sqlite"), keys: randomBytes(32).toString("hex") }),
  stdio: "any",
  egress: { allowRanges: ["127.0.0.0/8"] },
})
await mooring.ready

const Targets = Schema.Array(Schema.Struct({ organization: Schema.String, target: McpTarget }))
const targets = Schema.decodeUnknownSync(Schema.fromJsonString(Targets))(process.argv[2])
const servers: Array<LoadedServer> = []
for (const { organization, target } of targets) {
  const actor = { organizationId: organization, userId: "owner" }
  servers.push({ organization, ...(await registerTarget(mooring, actor, target)) })
}

const app = express()
app.get("/plain", (_, response) => void response.json({ ok: true }))
app.use("/mcp", expressMooring(mooring))
const port = await listenOnLoopback(createServer(app))
answerParent(async () => ({ port, servers }))
