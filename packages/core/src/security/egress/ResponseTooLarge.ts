import * as Schema from "effect/Schema"

/**
 * A response was cut off because it, or one event of its event stream, had more bytes than the host allows, counted
 * after decompression. The connection was closed.
 */
export class ResponseTooLarge extends Schema.TaggedError<ResponseTooLarge>()("ResponseTooLarge", {
  /** Host name or literal address that sent it. */
  host: Schema.String,
  part: Schema.Literals(["body", "event"]),
  /** What the host allows, in bytes. */
  maxBytes: Schema.Int,
}) {
  override get message() {
    const what = this.part === "body" ? "a response" : "an event of an event stream"
    return `${JSON.stringify(this.host)} sent ${what} of more than ${this.maxBytes} bytes, the limit in the host's option "egress".`
  }
}
