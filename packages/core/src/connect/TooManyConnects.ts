import * as Schema from "effect/Schema"

/** The user follows as many connects as the host allows at once. Nothing was sent. */
export class TooManyConnects extends Schema.TaggedError<TooManyConnects>()("TooManyConnects", {
  max: Schema.Int,
}) {
  override get message() {
    return `You are connecting to ${this.max} MCP servers already. Finish or close some of these first; the host can set the option "limits.connectsPerActor" higher.`
  }
}
