import * as Schema from "effect/Schema"
import { shortened } from "../servers/McpServerNotFound.ts"

/** The definition that was to be approved is not the tool's any more. */
export class McpToolChanged extends Schema.TaggedError<McpToolChanged>()("McpToolChanged", {
  name: Schema.String,
}) {
  override get message() {
    return `The tool ${JSON.stringify(shortened(this.name))} is not the one that you looked at: its definition has another fingerprint. Look at it again, then approve it.`
  }
}
