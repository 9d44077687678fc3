import {
  authorizationServer,
  defaultTools,
  legacyServer,
  legacySseServer,
  type McpTestServer,
  modernServer,
  protectedMcpServer,
} from "@mooring/testkit"
import * as Schema from "effect/Schema"
import { answerParent } from "../processes/answerParent.ts"
import { soakUsers } from "./soakUsers.ts"

// The MCP servers of the soak, in a process of their own so that their memory is not the host's. They are started anew
// at the same place, and change their tools, when they are told to.

const kinds = { modern: modernServer, legacy: legacyServer, sse: legacySseServer }

const Question = Schema.Struct({
  action: Schema.Literals(["list", "restart", "change"]),
  at: Schema.optional(Schema.Int),
})
const decodeQuestion = Schema.decodeUnknownSync(Question)

const running: Array<{ readonly kind: keyof typeof kinds; server: McpTestServer; hasAll: boolean }> = []
for (const kind of ["modern", "legacy", "sse", "modern", "legacy"] as const) {
  running.push({ kind, server: await kinds[kind](), hasAll: true })
}
const authorization = await authorizationServer({ users: soakUsers })
const guarded = await protectedMcpServer({ authorizationServer: authorization })

answerParent(async (question) => {
  const { action, at = 0 } = decodeQuestion(question)
  const one = running[at % running.length]
  if (one !== undefined && action === "restart") {
    const port = Number(new URL(one.server.url).port)
    await one.server.close()
    one.server = await kinds[one.kind]({ port })
    one.hasAll = true
  }
  if (one !== undefined && action === "change") {
    one.hasAll = !one.hasAll
    await one.server.setTools(defaultTools().slice(0, one.hasAll ? undefined : -1))
  }
  return { servers: running.map(({ kind, server }) => ({ kind, url: server.url })), guarded: guarded.url }
})
