import * as Schema from "effect/Schema"
import { shortened } from "../servers/McpServerNotFound.ts"

/** The MCP server has no such tool. */
export class McpToolNotFound extends Schema.TaggedError<McpToolNotFound>()("McpToolNotFound", {
  id: Schema.String,
}) {
  override get message() {
    return `This MCP server has no tool ${JSON.stringify(shortened(this.id))}. List its tools, or refresh the server when it has changed.`
  }
}
