import * as Schema from "effect/Schema"
import { McpServerName } from "./McpServer.ts"
import { ServerConfig } from "./ServerConfig.ts"
import { ServerConfigUpdate } from "./ServerConfigUpdate.ts"

/** A server as a host registers it. */
export const ServerInput = Schema.Struct({ name: McpServerName, config: ServerConfig })

/** What a host changes of it: the rest stays. */
export const ServerUpdate = Schema.Struct({
  name: Schema.optional(Schema.NullOr(McpServerName)),
  config: Schema.optional(ServerConfigUpdate),
})
