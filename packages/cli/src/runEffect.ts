import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as References from "effect/References"
import type { Outcome } from "./Outcome.ts"

/** Runs a command. Of what goes wrong, its message is told. */
export const runEffect = async (command: Effect.Effect<string, Error>): Promise<Outcome> => {
  const exit = await Effect.runPromiseExit(
    // What is worth telling is told by the outcome, and the standard output may be read by a program.
    Effect.provideService(command, References.MinimumLogLevel, "None"),
  )
  if (Exit.isSuccess(exit)) return { exitCode: 0, stdout: `${exit.value}\n` }
  const error = Cause.squash(exit.cause)
  return { exitCode: 1, stderr: `${error instanceof Error ? error.message : String(error)}\n` }
}
