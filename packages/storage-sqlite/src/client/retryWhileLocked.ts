import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Schedule from "effect/Schedule"
import type { SqlError } from "effect/sql/SqlError"

/** Gives back to an effect the interruptibility of whoever asked for the statement. */
export type Interruptibly = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/**
 * When to try again while another process holds the lock: often, since nobody tells when it is free, and who tries
 * rarely loses it for long to a process that writes without a pause. Jittered, so that those who wait do not keep
 * meeting. A try takes some tens of microseconds.
 */
export const lockSchedule = (timeoutMs: number) =>
  Schedule.spaced("3 millis").pipe(Schedule.jittered, Schedule.upTo({ duration: timeoutMs }))

/**
 * Tries `attempt` again as long as it fails in a way that `mayRetry`, and fails with the last error when the
 * schedule ends. Only the pauses can be interrupted, and where `interruptibly` says so: `Effect.retry` as a whole in
 * an interruptible region could lose the success of a BEGIN, and leave its transaction open on the shared connection.
 */
export const retryWhileLocked = <A>(
  attempt: Effect.Effect<A, SqlError>,
  options: {
    readonly schedule: ReturnType<typeof lockSchedule>
    readonly mayRetry: (error: SqlError) => boolean
    readonly interruptibly: Interruptibly
  },
): Effect.Effect<A, SqlError> =>
  Effect.catchIf(attempt, options.mayRetry, (first) =>
    Effect.flatMap(Schedule.toStep(options.schedule), (step) => {
      const waitAndTry = (error: SqlError): Effect.Effect<A, SqlError> =>
        Clock.currentTimeMillis.pipe(
          Effect.flatMap((now) => step(now, error)),
          Pull.catchDone(() => Effect.fail(error)),
          Effect.flatMap(([, delay]) => options.interruptibly(Effect.sleep(delay))),
          Effect.flatMap(() => Effect.catchIf(attempt, options.mayRetry, waitAndTry)),
        )
      return waitAndTry(first)
    }),
  )
