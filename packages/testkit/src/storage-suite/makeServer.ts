import { randomUUID } from "node:crypto"
import { type McpServer, McpServerId, McpServerStore, type StdioConfig } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { uniqueName } from "../host-suite/uniqueName.ts"

/** A server of the organization that is not stored yet, with a name of its own. */
export const makeServer = (organizationId: string, fields: Partial<McpServer> = {}): McpServer => ({
  id: McpServerId.make(`mcp_server-${randomUUID()}`),
  organizationId,
  name: uniqueName("server"),
  config: stdioConfig([]),
  revision: 1,
  createdBy: "alice",
  updatedBy: "alice",
  createdAt: DateTime.makeUnsafe(1_700_000_000_001),
  updatedAt: DateTime.makeUnsafe(1_700_000_000_001),
  ...fields,
})

/** The same, stored. */
export const insertServer = Effect.fnUntraced(function* (
  organizationId: string,
  fields: Partial<McpServer> = {},
) {
  const server = makeServer(organizationId, fields)
  yield* McpServerStore.use((servers) => servers.insert(server))
  return server
})

export const stdioConfig = (args: ReadonlyArray<string>): StdioConfig => ({
  type: "stdio",
  command: "mcp",
  args,
  env: null,
})
