import * as Schema from "effect/Schema"

/** What a server answers that is too much; the word is a path of `heavyServer`. */
export const heavyCases = [
  { path: "result", about: "a result of 1 GB", does: "run" },
  { path: "result-announced", about: "a result of 1 GB that says so", does: "run" },
  { path: "gzip", about: "a result of 200 MB, compressed by gzip", does: "run" },
  { path: "brotli", about: "a result of 200 MB, compressed by brotli", does: "run" },
  { path: "event", about: "an event of 1 GB in an event stream", does: "run" },
  { path: "events", about: "an event stream that never ends", does: "run" },
  { path: "comments", about: "an event stream of comments that never ends", does: "run" },
  { path: "list", about: "a list of tools of 1 GB", does: "list" },
  { path: "tools", about: "100,000 tools", does: "list" },
  { path: "tools-by-pages", about: "100,000 tools, 1,000 at once", does: "list" },
  { path: "deep-schema", about: "a schema 10,000 deep", does: "list" },
  { path: "deep-result", about: "a result 10,000 deep", does: "run" },
] as const
export type HeavyCase = (typeof heavyCases)[number]

/** How much a server sends. */
export interface HeavySizes {
  readonly bytes: number
  readonly tools: number
}
export const fullSizes: HeavySizes = { bytes: 2 ** 30, tools: 100_000 }

/** What became of one case in the process of the host. */
export const HeavyOutcome = Schema.Struct({
  /** What the caller was given, in short. */
  answer: Schema.String,
  /** Whether that is a refusal, or a part that is marked as one. */
  isBounded: Schema.Boolean,
  /** The most resident memory while it lasted, over what there was before, in MiB. */
  grownMiB: Schema.Number,
  /** The 99th percentile of the delay of the event loop, in milliseconds. */
  delayMs: Schema.Number,
  /** The same of what this thread itself worked from one turn of the loop to the next, in milliseconds. */
  workMs: Schema.Number,
  millis: Schema.Number,
})
export type HeavyOutcome = typeof HeavyOutcome.Type
