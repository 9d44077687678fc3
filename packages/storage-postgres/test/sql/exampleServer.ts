import { type McpServer, McpServerId, type McpTool, McpToolId } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import { randomUUID } from "node:crypto"

export const exampleServer = (name: string, config?: McpServer["config"]): McpServer => ({
  id: McpServerId.make(`mcp_server-${randomUUID()}`),
  organizationId: "acme",
  name,
  config: config ?? {
    type: "streamable_http",
    serverUrl: "https://example.com/mcp",
    authHeader: null,
    authToken: Redacted.make(`token of ${name}`),
    customHeaders: { "x-key": Redacted.make(`header of ${name}`) },
    oauth: {
      grantType: "client_credentials",
      clientId: "client",
      clientSecret: Redacted.make(`client secret of ${name}`),
      issuer: "https://auth.example",
      scopes: null,
    },
  },
  revision: 1,
  createdBy: "alice",
  updatedBy: "alice",
  createdAt: DateTime.makeUnsafe(0),
  updatedAt: DateTime.makeUnsafe(0),
})

export const exampleTool = (server: McpServer, name: string): McpTool => ({
  id: McpToolId.make(`tool-${randomUUID()}`),
  serverId: server.id,
  definition: { name },
  fingerprint: "0".repeat(64),
  needsApproval: false,
  schemaHealth: { status: "INVALID", warnings: [] },
  createdBy: "alice",
  updatedBy: "alice",
})
