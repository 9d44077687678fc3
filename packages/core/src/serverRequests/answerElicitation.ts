import {
  type ElicitResult,
  ProtocolError,
  ProtocolErrorCode,
  specTypeSchemas,
} from "@modelcontextprotocol/client"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { ClientFeatures, ElicitationRequest, ServerRequestContext } from "./ClientFeatures.ts"
import { fillForm } from "./fillForm.ts"
import { isWithinLimits, type ParamsLimits } from "./isWithinLimits.ts"

/** Of a form. No user fills in more, and each is judged. */
const maxFields = 100

/**
 * Answers `elicitation/create` (MCP 2025-11-25, client/elicitation). Where nobody can be asked it is declined, where no
 * usable answer came of asking it is cancelled.
 */
export const answerElicitation = Effect.fnUntraced(function* (
  elicit: ClientFeatures["elicit"],
  params: unknown,
  context: ServerRequestContext,
  limits: ParamsLimits,
): Effect.fn.Return<ElicitResult, ProtocolError> {
  if (elicit === undefined) return { action: "decline" }
  // Client/elicitation, error handling: -32602 for a mode that was not declared.
  if (Predicate.isObject(params) && params["mode"] === "url")
    return yield* refused("only forms are supported")
  const request = readRequest(params, limits)
  if (request === undefined) return yield* refused("it is not valid MCP, or too large")

  return yield* Effect.suspend(() => elicit(request, context)).pipe(
    Effect.flatMap((answer) => Effect.fromResult(toResult(request, answer))),
    Effect.catchCause((cause) =>
      Effect.as(Effect.logWarning("The host could not answer an elicitation", cause), cancelled),
    ),
  )
})

const cancelled: ElicitResult = { action: "cancel" }

const refused = (why: string) =>
  Effect.fail(new ProtocolError(ProtocolErrorCode.InvalidParams, `Invalid elicitation: ${why}`))

/** The parts that are meant for the user, each of its form; keywords that no form has are left out. */
const readRequest = (params: unknown, limits: ParamsLimits): ElicitationRequest | undefined => {
  if (!isWithinLimits(params, limits)) return undefined
  const decoded = specTypeSchemas.ElicitRequestFormParams["~standard"].validate(params)
  if (decoded.issues !== undefined) return undefined
  const { message, requestedSchema } = decoded.value
  const { properties, required = [], type } = requestedSchema
  const isAnswerable = required.every((name) => Object.hasOwn(properties, name))
  if (!isAnswerable || Object.keys(properties).length > maxFields) return undefined
  return { message, requestedSchema: { type, properties, required } }
}

/** What the host says is checked too: a mistake there must not reach the MCP server as if the user had said it. */
const toResult = (request: ElicitationRequest, answer: unknown): Result.Result<ElicitResult, string> => {
  const decoded = specTypeSchemas.ElicitResult["~standard"].validate(answer)
  if (decoded.issues !== undefined) return Result.fail("It must be an action, and content of simple values.")
  const { action, content = {} } = decoded.value
  return action === "accept"
    ? Result.map(fillForm(request.requestedSchema, content), (filled) => ({ action, content: filled }))
    : Result.succeed({ action })
}
