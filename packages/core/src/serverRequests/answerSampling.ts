import {
  type CreateMessageResult,
  ProtocolError,
  ProtocolErrorCode,
  specTypeSchemas,
} from "@modelcontextprotocol/client"
import * as Effect from "effect/Effect"
import type { ClientFeatures, SamplingRequest, ServerRequestContext } from "./ClientFeatures.ts"
import { isWithinLimits, type ParamsLimits } from "./isWithinLimits.ts"

/** MCP 2025-11-25, client/sampling, error handling. */
const rejectedByUser = -1

/** Answers `sampling/createMessage` (MCP 2025-11-25, client/sampling), or fails with what the MCP server is told. */
export const answerSampling = Effect.fnUntraced(function* (
  sample: ClientFeatures["sample"],
  params: unknown,
  context: ServerRequestContext,
  limits: ParamsLimits,
): Effect.fn.Return<CreateMessageResult, ProtocolError> {
  if (sample === undefined) {
    return yield* Effect.fail(
      new ProtocolError(ProtocolErrorCode.MethodNotFound, "Sampling is not supported"),
    )
  }
  const request = readRequest(params, limits)
  if (request === undefined) {
    return yield* Effect.fail(
      new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        "Invalid sampling request: it is not valid MCP, too large, or wants tools",
      ),
    )
  }
  const answer = yield* Effect.suspend(() => sample(request, context)).pipe(
    Effect.flatMap((answer) => (answer === undefined ? Effect.succeed(answer) : checkResult(answer))),
    Effect.catchCause((cause) =>
      Effect.logWarning("The host could not answer a sampling request", cause).pipe(
        Effect.andThen(Effect.fail(new ProtocolError(ProtocolErrorCode.InternalError, "No answer"))),
      ),
    ),
  )
  return answer ?? (yield* Effect.fail(refusedSampling))
})

/** The answer to a request that the host does not want answered. */
export const refusedSampling = new ProtocolError(rejectedByUser, "User rejected sampling request")

const readRequest = (params: unknown, limits: ParamsLimits): SamplingRequest | undefined => {
  if (!isWithinLimits(params, limits)) return undefined
  const decoded = specTypeSchemas.CreateMessageRequestParams["~standard"].validate(params)
  if (decoded.issues !== undefined) return undefined
  const { _meta, task: _task, toolChoice, tools, ...request } = decoded.value
  // Client/sampling: to be refused by a client that has not declared `sampling.tools`.
  return tools === undefined && toolChoice === undefined ? request : undefined
}

const checkResult = (answer: unknown): Effect.Effect<CreateMessageResult, string> => {
  const decoded = specTypeSchemas.CreateMessageResult["~standard"].validate(answer)
  return decoded.issues === undefined
    ? Effect.succeed(decoded.value)
    : Effect.fail("It must be a message of the assistant with one content and the model's name.")
}
