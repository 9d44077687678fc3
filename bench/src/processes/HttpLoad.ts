import * as Schema from "effect/Schema"

/** A request that is sent again and again. */
export const HttpLoad = Schema.Struct({
  /** Of a server on 127.0.0.1. */
  port: Schema.Int,
  method: Schema.String,
  path: Schema.String,
  headers: Schema.Record(Schema.String, Schema.String),
  body: Schema.String,
  /** What stands in the body of every right answer. */
  expected: Schema.String,
})
export type HttpLoad = typeof HttpLoad.Type
