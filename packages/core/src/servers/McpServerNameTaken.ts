import * as Schema from "effect/Schema"

/** Another MCP server of the organization has this name. Nothing was changed. */
export class McpServerNameTaken extends Schema.TaggedError<McpServerNameTaken>()("McpServerNameTaken", {
  name: Schema.String,
}) {
  override get message() {
    return `There is already an MCP server named ${JSON.stringify(this.name)}. Choose another name, or update that server.`
  }
}
