import { type McpServer, McpServerId } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import { randomBytes, randomUUID } from "node:crypto"

/** A remote server with a token and one secret header, or one without secrets. */
export const realisticServer = (
  organizationId: string,
  name: string,
  secrets: "with secrets" | "without secrets",
): McpServer => {
  const hasSecrets = secrets === "with secrets"
  const now = DateTime.makeUnsafe(1_800_000_000_000)
  return {
    id: McpServerId.make(`mcp_server-${randomUUID()}`),
    organizationId,
    name,
    config: {
      type: "streamable_http",
      serverUrl: `https://${encodeURIComponent(name)}.example.com/mcp`,
      authHeader: null,
      authToken: hasSecrets ? Redacted.make(randomBytes(30).toString("base64url")) : null,
      customHeaders: hasSecrets ? { "x-api-key": Redacted.make(randomBytes(20).toString("hex")) } : null,
      oauth: null,
    },
    revision: 1,
    createdBy: "bench",
    updatedBy: "bench",
    createdAt: now,
    updatedAt: now,
  }
}
