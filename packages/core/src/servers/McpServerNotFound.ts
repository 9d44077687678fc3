import * as Schema from "effect/Schema"

/** There is no such MCP server, or it belongs to another organization: the two look the same. */
export class McpServerNotFound extends Schema.TaggedError<McpServerNotFound>()("McpServerNotFound", {
  /** The id by which it was looked for, or the name. */
  id: Schema.String,
}) {
  override get message() {
    return `There is no MCP server ${JSON.stringify(shortened(this.id))}. List the servers to see which there are.`
  }
}

/** An id that somebody made up may be of any length; a message quotes only so much of it. */
export const shortened = (id: string): string => (id.length > 80 ? `${id.slice(0, 80)}…` : id)
