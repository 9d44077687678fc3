import * as Schema from "effect/Schema"

/** The MCP server was changed while its tools were listed: what was listed is of its earlier config. */
export class McpServerChanged extends Schema.TaggedError<McpServerChanged>()("McpServerChanged", {
  id: Schema.String,
}) {
  override get message() {
    return "The MCP server was changed while its tools were listed. Refresh it again."
  }
}
