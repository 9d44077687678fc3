import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { errorCode, type ServiceError } from "../connect/errorCode.ts"

/** The word for how something has ended: `success`, or what was in the way. */
export const outcomeOf = (exit: Exit.Exit<unknown, ServiceError>): string => {
  if (Exit.isSuccess(exit)) return "success"
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  if (error !== undefined) return errorCode(error)
  return Cause.hasInterruptsOnly(exit.cause) ? "cancelled" : "internal_error"
}
