import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import type { McpServer } from "../servers/McpServer.ts"
import { ServerConfig } from "../servers/ServerConfig.ts"
import type { AuditAct } from "./AuditRecord.ts"

type Parts = Extract<AuditAct, { readonly action: "changed" }>["parts"]

/** Which parts of a server an update has changed, without a word of what they are. */
export const changedParts = (before: McpServer, after: McpServer): Parts => {
  const isElsewhere = !Equal.equals(endpointOf(before.config), endpointOf(after.config))
  // Where one is another, too, what belongs to it is compared as it would be there.
  const moved = withEndpoint(before.config, after.config)
  return [
    ...(before.name === after.name ? [] : (["name"] as const)),
    ...(isElsewhere ? (["endpoint"] as const) : []),
    ...(moved !== undefined && sameConfig(moved, after.config) ? [] : (["credentials"] as const)),
  ]
}

const endpointOf = (config: ServerConfig): ReadonlyArray<string> =>
  config.type === "stdio" ? [config.type, config.command, ...config.args] : [config.type, config.serverUrl]

/** Undefined where the two are of different kinds, and have nothing to compare. */
const withEndpoint = (config: ServerConfig, other: ServerConfig): ServerConfig | undefined => {
  if (config.type === "stdio") {
    return other.type === "stdio" ? { ...config, command: other.command, args: other.args } : undefined
  }
  if (other.type === "stdio") return undefined
  return other.type === "sse"
    ? { ...config, type: "sse", serverUrl: other.serverUrl }
    : { ...config, type: "streamable_http", serverUrl: other.serverUrl }
}

const sameConfig = Schema.toEquivalence(ServerConfig)
