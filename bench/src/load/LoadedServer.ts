import * as Schema from "effect/Schema"

/** An MCP server that the host of the load has registered. */
export const LoadedServer = Schema.Struct({
  organization: Schema.String,
  serverId: Schema.String,
  toolId: Schema.String,
})
export type LoadedServer = typeof LoadedServer.Type
