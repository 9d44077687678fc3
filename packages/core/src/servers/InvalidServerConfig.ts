import * as Schema from "effect/Schema"

/** A config, or what an update makes of one, is not complete or not to be taken. */
export class InvalidServerConfig extends Schema.TaggedError<InvalidServerConfig>()("InvalidServerConfig", {
  /** As the wire names it, such as `server_url`. */
  field: Schema.String,
  problem: Schema.String,
}) {
  override get message() {
    return `${this.field}: ${this.problem}`
  }
}
