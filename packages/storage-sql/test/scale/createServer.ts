import { McpServerStore, ToolStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import { realisticServer } from "./realisticServer.ts"
import { realisticTool } from "./realisticTool.ts"

/** Stores a new server and that many tools, as the creation of one does. */
export const createServer = Effect.fnUntraced(function* (
  organizationId: string,
  name: string,
  toolCount: number,
) {
  const servers = yield* McpServerStore
  const toolStore = yield* ToolStore
  const server = realisticServer(organizationId, name, "with secrets")
  const tools = Array.from({ length: toolCount }, (_, index) => realisticTool(server.id, index))
  yield* servers.insert(server)
  yield* toolStore.replaceAll(server, () => ({ tools, changes: { added: [], updated: [], deleted: [] } }))
})
