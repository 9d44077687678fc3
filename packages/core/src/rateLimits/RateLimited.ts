import * as Schema from "effect/Schema"

/** What is counted: everything, and some of it also by itself. */
export const RateKind = Schema.Literals(["requests", "runs", "connects", "changes"])
export type RateKind = typeof RateKind.Type

/** The actor, or all of their organization together, asks more often than the host allows. Nothing was done. */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", {
  kind: RateKind,
  whose: Schema.Literals(["user", "organization"]),
  limit: Schema.Int,
  windowMs: Schema.Int,
  /** When there is room for one more. */
  retryAfterMs: Schema.Number,
}) {
  override get message() {
    const whose = this.whose === "user" ? "for each user" : "for your organization"
    return `This host allows ${this.limit} ${this.kind} in ${this.windowMs / 1000} s ${whose}. Try again in ${Math.ceil(this.retryAfterMs / 1000)} s; the host can set the option "rateLimit.${this.whose}.${this.kind}" higher.`
  }
}
