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
import { echoArguments, McpTarget } from "../mcp/McpTarget.ts"
import { answerParent } from "../processes/answerParent.ts"
import { listenOnLoopback } from "../processes/listenOnLoopback.ts"
import { answerHostState } from "../processes/startHost.ts"
import { registerTarget } from "./registerTarget.ts"

// A host as the README has it: Express with Mooring mounted, kept in SQLite. It is asked to run a tool.

const folder = mkdtempSync(join(tmpdir(), "mooring-bench-"))
process.once("exit", () => rmSync(folder, { recursive: true }))
process.once("SIGTERM", () => process.exit(0))

const actor = { organizationId: "bench", userId: "bench" }
const mooring = createMooring({
  actor: () => actor,
  stores: sqliteStores({ file: join(folder, "mooring.sqlite"), keys: randomBytes(32).toString("hex") }),
  stdio: "any",
  egress: { allowRanges: ["127.0.0.0/8"] },
})
await mooring.ready
const target = Schema.decodeUnknownSync(Schema.fromJsonString(McpTarget))(process.argv[2])
const { serverId, toolId } = await registerTarget(mooring, actor, target)

const app = express()
app.use("/mcp", expressMooring(mooring))
const port = await listenOnLoopback(createServer(app))
answerParent(async () =>
  answerHostState({
    port,
    method: "POST",
    path: `/mcp/v1/mcp-servers/${serverId}/tools/${toolId}/run`,
    headers: {},
    body: JSON.stringify({ args: echoArguments }),
    expected: `"status":"success","func_return":"${echoArguments.text}"`,
  }),
)
