import { type SecretUnreadable, StoreError } from "@mooring/core"
import type * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import type * as Schema from "effect/Schema"
import type { MigrationError } from "effect/sql/Migrator"
import { isSqlError, type SqlError } from "effect/sql/SqlError"

/** What goes wrong in a store and is nothing that its caller could have asked for. */
type StoreFault = SqlError | MigrationError | Schema.SchemaError | SecretUnreadable | Cause.TimeoutError

/** Runs a store's method under its name. */
export type StoreMethod = (
  operation: string,
) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, Exclude<E, StoreFault> | StoreError, R>

/**
 * What every method of the stores has in common: it ends within the time, and one `StoreError` is made of all that is
 * not an answer. The log gets the cause; what the API's users see tells nothing of the database.
 */
export const makeStoreMethod = (timeout: Duration.Input) =>
  Effect.map(Effect.scope, (scope): StoreMethod => {
    const withinTime = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.flatMap(Effect.forkIn(restore(effect), scope), (fiber) =>
          restore(Effect.timeout(Fiber.join(fiber), timeout)).pipe(
            // A database that hangs is as slow to take back what was asked of it. Nobody waits for that.
            Effect.onExit((exit) =>
              Exit.isSuccess(exit) ? Effect.void : Effect.forkIn(Fiber.interrupt(fiber), scope),
            ),
          ),
        ),
      )
    return (operation) =>
      <A, E, R>(effect: Effect.Effect<A, E, R>) =>
        withinTime(Effect.retry(effect, { while: isRolledBack, times: 10, schedule: pause })).pipe(
          Effect.catch((error): Effect.Effect<never, Exclude<E, StoreFault> | StoreError> =>
            isAnswer(error)
              ? Effect.fail(error)
              : Effect.logError(`The store failed at ${operation}`, error).pipe(
                  Effect.andThen(Effect.fail(new StoreError({ operation, cause: error }))),
                ),
          ),
        )
  })

/**
 * Two changes at once that waited for each other, of which the database has undone one: nothing of it was done, and
 * the other one goes on. It happens with names that are exchanged crosswise.
 */
const isRolledBack = (error: unknown): boolean =>
  isSqlError(error) && (error.reason._tag === "DeadlockError" || error.reason._tag === "SerializationError")

const pause = Schedule.jittered(Schedule.spaced("10 millis"))

const isAnswer = <E>(error: E): error is Exclude<E, StoreFault> =>
  !(
    typeof error === "object" &&
    error !== null &&
    "_tag" in error &&
    typeof error._tag === "string" &&
    faults.has(error._tag)
  )

const faults: ReadonlySet<string> = new Set<StoreFault["_tag"]>([
  "SqlError",
  "MigrationError",
  "SchemaError",
  "SecretUnreadable",
  "TimeoutError",
])
