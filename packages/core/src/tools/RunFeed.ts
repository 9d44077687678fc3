import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { exceedsDepth } from "../security/exceedsDepth.ts"
import { cutUtf8 } from "./cutUtf8.ts"
import { type RunEvent, RunLog, RunProgress } from "./RunEvent.ts"

export interface RunFeedLimits {
  /** How many log messages are passed on. */
  readonly runLogs: number
  /** The data of all of them together, in bytes of JSON. */
  readonly runLogBytes: number
  readonly maxJsonDepth: number
}

/** Of one message in bytes. A word of a server's to people is not longer. */
const maxText = 4 * 1024
/** Of the data of one log message, in bytes of JSON. */
const maxData = 16 * 1024

/**
 * What a run has to tell, until whoever follows it has read it. Nothing that a server says makes it wait, or grow past
 * its limits: of progress the newest is kept, log messages past the limits are counted.
 */
export class RunFeed {
  readonly #limits: RunFeedLimits
  /** In the order in which they are read. */
  readonly #waiting = new Map<"progress" | number, RunEvent>()
  readonly #arrived = Latch.makeUnsafe()
  #logs = 0
  #logBytes = 0
  #leftOut = 0

  constructor(limits: RunFeedLimits) {
    this.#limits = limits
  }

  /** Takes the params of `notifications/progress`. What is not of their form is not passed on. */
  readonly progress = (params: object): void => {
    const progress = Option.getOrUndefined(decodeProgress({ ...params, event: "progress" }))
    if (progress === undefined) return
    const { message, ...rest } = progress
    this.#waiting.delete("progress")
    this.#offer(
      "progress",
      message === undefined ? progress : { ...rest, message: cutUtf8(message, maxText) },
    )
  }

  /** Takes the params of `notifications/message`. */
  readonly log = (params: object): void => {
    const isFull = this.#logs >= this.#limits.runLogs || this.#logBytes >= this.#limits.runLogBytes
    const log = isFull ? undefined : Option.getOrUndefined(decodeLog({ ...params, event: "log" }))
    if (log === undefined) {
      this.#leftOut += 1
      return
    }
    const { json, ...data } = this.#fit(log.data)
    this.#logs += 1
    this.#logBytes += Buffer.byteLength(json)
    const { logger } = log
    this.#offer(this.#logs, {
      event: "log",
      level: log.level,
      ...(logger === undefined ? {} : { logger: cutUtf8(logger, maxText) }),
      ...data,
    })
  }

  /** The last event: nobody reads on behind it. */
  readonly end = (last: RunEvent): void => {
    if (this.#leftOut > 0) this.#offer(-2, { event: "logs_left_out", count: this.#leftOut })
    this.#offer(-1, last)
  }

  /** For one reader. */
  readonly events: Stream.Stream<RunEvent> = Stream.suspend(() => Stream.fromEffectRepeat(this.#next)).pipe(
    Stream.takeUntil(({ event }) => event === "result" || event === "error"),
  )

  readonly #next: Effect.Effect<RunEvent> = Effect.suspend(() => {
    const [first] = this.#waiting
    if (first === undefined) {
      this.#arrived.closeUnsafe()
      return Effect.andThen(this.#arrived.await, this.#next)
    }
    this.#waiting.delete(first[0])
    return Effect.succeed(first[1])
  })

  #offer(key: "progress" | number, event: RunEvent): void {
    this.#waiting.set(key, event)
    this.#arrived.openUnsafe()
  }

  #fit(data: unknown): { readonly json: string; readonly data: unknown; readonly truncated?: true } {
    if (exceedsDepth(data, this.#limits.maxJsonDepth)) return { json: "", data: null, truncated: true }
    const json = JSON.stringify(data) ?? "null"
    if (Buffer.byteLength(json) <= maxData) return { json, data: data ?? null }
    const cut = cutUtf8(Predicate.isString(data) ? data : json, maxData)
    return { json: cut, data: cut, truncated: true }
  }
}

const decodeProgress = Schema.decodeUnknownOption(RunProgress)
const decodeLog = Schema.decodeUnknownOption(RunLog)
