import * as Schema from "effect/Schema"
import { shortened } from "../servers/McpServerNotFound.ts"

/** The tool is not the one that was trusted: nothing was sent to its MCP server. */
export class McpToolNeedsApproval extends Schema.TaggedError<McpToolNeedsApproval>()("McpToolNeedsApproval", {
  name: Schema.String,
}) {
  override get message() {
    return `The tool ${JSON.stringify(shortened(this.name))} is new, or its MCP server has changed what it says of it. Look at its definition and approve it (POST …/approve), then run it again.`
  }
}
