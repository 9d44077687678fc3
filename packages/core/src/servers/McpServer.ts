import * as Schema from "effect/Schema"
import { prefixedUuid } from "../identifiers.ts"
import { storableText } from "../storableText.ts"
import { ServerConfig } from "./ServerConfig.ts"

/** `mcp_server-<uuid4>`. */
export const McpServerId = Schema.String.pipe(Schema.brand("McpServerId"))
export type McpServerId = typeof McpServerId.Type

export const makeMcpServerId = (): McpServerId => McpServerId.make(prefixedUuid("mcp_server"))

/** The name of an MCP server, unique within its organization. */
export const McpServerName = storableText("a name").check(
  Schema.isPattern(/\S/, { expected: "a name that is not empty or blank" }),
)

/** An MCP server as a user registered it. */
export const McpServer = Schema.Struct({
  id: McpServerId,
  organizationId: Schema.String,
  name: McpServerName,
  config: ServerConfig,
  /** Counts the changes of the config: live sessions of an earlier revision are not used again. */
  revision: Schema.Int,
  createdBy: Schema.String,
  updatedBy: Schema.String,
  createdAt: Schema.DateTimeUtc,
  updatedAt: Schema.DateTimeUtc,
})
export interface McpServer extends Schema.Schema.Type<typeof McpServer> {}
