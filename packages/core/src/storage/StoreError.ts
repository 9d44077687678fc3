import * as Schema from "effect/Schema"

/** A store could not be reached or failed; what was asked of it may or may not have been done. */
export class StoreError extends Schema.TaggedError<StoreError>()("StoreError", {
  /** The store's method, such as `McpServerStore.insert`. */
  operation: Schema.String,
  cause: Schema.Defect(),
}) {
  override get message() {
    return `The store failed at ${this.operation}. Try again; when it persists, look at the host's log.`
  }
}
