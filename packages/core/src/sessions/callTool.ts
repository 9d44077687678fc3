import {
  type CallToolResult,
  InsufficientScopeError,
  isInputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  SdkError,
  SdkErrorCode,
  UnauthorizedError,
} from "@modelcontextprotocol/client"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { AuthorizationFailed } from "../oauth/AuthorizationFailed.ts"
import { ResponseTooLarge } from "../security/egress/ResponseTooLarge.ts"
import type { AskedInput, CurrentOperation, Input } from "../serverRequests/ServerRequests.ts"
import { noChallenge } from "../transport/Challenge.ts"
import { callHeader } from "../transport/tagLogs.ts"
import { hasHeaderParameters } from "../tools/hasHeaderParameters.ts"
import type { ToolDefinition } from "../tools/ToolDefinition.ts"
import type { Connection } from "./Connection.ts"
import { causes } from "../causes.ts"
import { httpStatus, systemCode } from "./connectFailure.ts"
import { longest } from "./callDeadline.ts"
import { type CallAnswer, callAnswer } from "./callAnswer.ts"
import { followCall, followedMeta } from "./followCall.ts"
import {
  type CallFollower,
  type ToolCall,
  type ToolCallError,
  ToolCallFailed,
  ToolCallNotSent,
  ToolCallUnauthorized,
} from "./McpSession.ts"
import type { SessionNotices } from "./SessionNotices.ts"
import type { TraceMeta } from "../telemetry/spans.ts"

/**
 * Calls a tool once, answering what the server wants to know before it gives the result. Interruption and the end of
 * its time cancel the call at the server.
 */
export const callTool = (
  connection: Connection,
  notices: SessionNotices,
  call: ToolCall,
  meta: TraceMeta | undefined,
): Effect.Effect<CallToolResult, ToolCallError> => {
  notices.calledBy(call.userId)
  return Effect.map(
    connection.requests.during((operation) =>
      call.follower === undefined
        ? callDirectly(connection, operation, call, meta)
        : callFollowed(connection, operation, notices, { ...call, follower: call.follower }, meta),
    ),
    (result) => {
      connection.succeeded()
      return result
    },
  )
}

const callDirectly = (
  connection: Connection,
  operation: CurrentOperation,
  call: ToolCall,
  meta: TraceMeta | undefined,
): Effect.Effect<CallToolResult, ToolCallError> => {
  const { timeoutMs, tool } = call
  const endsAt = performance.now() + timeoutMs
  const giveUp = () => outOfTime(connection, timeoutMs)
  const first =
    hasHeaderParameters(tool) && connection.isModern
      ? limited(sendCall(connection, call, {}, meta), timeoutMs, giveUp)
      : sendDirectly(connection, call, meta, giveUp)
  return Effect.flatMap(first, (answer) =>
    answer.type === "result"
      ? Effect.succeed(answer.result)
      : limited(
          answerRounds(connection, operation, call, answer.asked, meta),
          Math.max(1, endsAt - performance.now()),
          giveUp,
        ),
  )
}

const callFollowed = (
  connection: Connection,
  operation: CurrentOperation,
  notices: SessionNotices,
  call: ToolCall & { readonly follower: CallFollower },
  meta: TraceMeta | undefined,
): Effect.Effect<CallToolResult, ToolCallError> =>
  followCall(
    notices,
    call.follower,
    Effect.flatMap(sendCall(connection, call, {}, meta), (answer) =>
      answer.type === "result"
        ? Effect.succeed(answer.result)
        : answerRounds(connection, operation, call, answer.asked, meta),
    ),
    (millis) => Effect.suspend(() => Effect.fail(outOfTime(connection, millis))),
  )

/** MCP 2026-07-28, basic/utilities/mrtr. In what an older server says, the word has no meaning. */
const answerRounds = Effect.fnUntraced(
  function* (
    connection: Connection,
    operation: CurrentOperation,
    call: ToolCall,
    first: AskedInput,
    meta: TraceMeta | undefined,
  ) {
    let asked = first
    for (;;) {
      connection.succeeded()
      const input = yield* connection.requests.fulfil(operation, asked)
      const answer = yield* sendCall(connection, call, input, meta)
      if (answer.type === "result") return answer.result
      asked = answer.asked
    }
  },
  // The rounds before it have reached the server.
  Effect.catchTag(["InputRefused", "ToolCallNotSent", "ToolCallUnauthorized"], ({ message }) =>
    Effect.fail(new ToolCallFailed({ problem: message })),
  ),
)

const limited = <A, E, E2>(effect: Effect.Effect<A, E>, millis: number, giveUp: () => E2) =>
  Effect.timeoutOrElse(effect, {
    duration: Duration.millis(millis),
    orElse: () => Effect.suspend(() => Effect.fail(giveUp())),
  })

type Answer = Exclude<CallAnswer, { readonly type: "invalid" }>

/** The first round of a call that nobody follows, which is all of nearly every call. */
const sendDirectly = (
  connection: Connection,
  { args, timeoutMs, tool }: ToolCall,
  trace: TraceMeta | undefined,
  giveUp: () => ToolCallFailed,
): Effect.Effect<Answer, ToolCallError> =>
  Effect.callback((resume) => {
    const end = (outcome: Effect.Effect<Answer, ToolCallError>) => {
      clearTimeout(timer)
      resume(outcome)
    }
    const timer = setTimeout(() => {
      cancel()
      end(Effect.fail(giveUp()))
    }, timerMillis(timeoutMs))
    const cancel = connection.toolRequests.send(
      { name: tool.name, arguments: args, ...(trace === undefined ? {} : { _meta: trace }) },
      (outcome) => {
        if (Result.isFailure(outcome)) return end(Effect.fail(toToolCallError(connection, outcome.failure)))
        const answer = callAnswer(outcome.success, connection.isModern)
        end(answer.type === "invalid" ? Effect.fail(invalidResult(connection)) : Effect.succeed(answer))
      },
    )
    return Effect.sync(() => {
      clearTimeout(timer)
      cancel()
    })
  })

/** One round of a call by the client: a request of its own, with what the round before has asked for. */
const sendCall = (
  connection: Connection,
  { args, follower, timeoutMs, tool }: ToolCall,
  input: Input,
  trace: TraceMeta | undefined,
): Effect.Effect<Answer, ToolCallError> =>
  Effect.tryPromise({
    try: (signal) =>
      connection.client.callTool(
        {
          name: tool.name,
          arguments: args,
          ...input,
          ...(follower === undefined && trace === undefined
            ? {}
            : {
                _meta: {
                  ...(follower === undefined ? {} : followedMeta(follower, connection.isModern)),
                  ...trace,
                },
              }),
        },
        {
          signal,
          allowInputRequired: true,
          // Never reached: the client's own limit counts anew for every round of a call, and cannot be turned off.
          timeout: timerMillis(1_000 + (follower === undefined ? timeoutMs : longest(follower.limits))),
          // Spares the client a list of its own for the parameters that are mirrored into headers. Without an
          // output schema it also leaves results alone that break the tool's own promise: they are the model's to judge.
          toolDefinition: { name: tool.name, inputSchema: { ...asObject(tool.inputSchema), type: "object" } },
          ...(follower === undefined ? {} : { headers: { [callHeader]: follower.token } }),
        },
      ),
    catch: (cause) => toToolCallError(connection, cause),
  }).pipe(
    Effect.map((result): Answer =>
      connection.isModern && isInputRequiredResult(result)
        ? { type: "input_required", asked: result }
        : { type: "result", result },
    ),
  )

/** A timer of Node's overflows past 2^31 - 1. */
const timerMillis = (millis: number) => Math.min(millis, 2 ** 31 - 1)

const outOfTime = (connection: Connection, timeoutMs: number) => {
  connection.failed()
  return new ToolCallFailed({
    problem: `The tool gave no result within ${Math.ceil(timeoutMs / 1000)} s and was cancelled; it may have had effects.`,
    errorType: "timeout",
  })
}

const asObject = (schema: ToolDefinition["inputSchema"]) =>
  typeof schema === "object" && schema !== null && !Array.isArray(schema) ? schema : {}

const toToolCallError = (connection: Connection, cause: unknown): ToolCallError => {
  connection.failed()
  const chain = causes(cause)

  const refusal = chain.find((error) => error instanceof ProtocolError)
  if (refusal !== undefined) {
    if (refusal.code !== ProtocolErrorCode.InvalidParams && connection.isModern) connection.abandon()
    return new ToolCallFailed({
      problem: `The MCP server answered with an error: ${refusal.message}`,
      ...(Number.isSafeInteger(refusal.code) ? { rpcCode: refusal.code } : {}),
    })
  }
  const lacking = chain.find((error) => error instanceof InsufficientScopeError)
  if (lacking !== undefined) {
    // What another call was refused with meanwhile is not what this one lacks.
    const challenge = {
      ...(connection.challenge ?? noChallenge),
      error: "insufficient_scope",
      scope: lacking.requiredScope ?? null,
    }
    return connection.canSignIn
      ? new ToolCallUnauthorized({ challenge })
      : new ToolCallFailed({
          problem:
            "The MCP server did not run the tool: the token that is set for it, or that its oauth settings led to, has fewer permissions (scopes) than it needs.",
        })
  }
  if (chain.some((error) => error instanceof ResponseTooLarge)) {
    return new ToolCallFailed({
      problem: "The result of the tool is larger than this host accepts.",
      errorType: "result_too_large",
    })
  }
  if (chain.some(isInvalidResult)) return invalidResult(connection)

  // Past this point the connection itself is in doubt.
  connection.abandon()
  const status = httpStatus(chain)
  // MCP 2025-11-25, basic/transports, session management: to a request with a session id, 404 says that the session
  // is over, before the message is read. Any other status may come from something that has read it.
  if (status === 404 && connection.hasSessionId) {
    return new ToolCallNotSent({ problem: "The MCP server has ended the session and did not take the call." })
  }
  const unrenewed = chain.find((error) => error instanceof AuthorizationFailed)
  if (unrenewed !== undefined) {
    return new ToolCallFailed({ problem: unrenewed.message, errorType: unrenewed.code })
  }
  // RFC 9110, section 15.5.2: the request has not been applied.
  if (status === 401 || chain.some((error) => error instanceof UnauthorizedError)) {
    return connection.canSignIn
      ? new ToolCallUnauthorized({ challenge: connection.challenge ?? noChallenge })
      : new ToolCallFailed({
          problem:
            "The MCP server refused the token that is set for it, or that its oauth settings led to (HTTP 401). Set a valid auth_token or header for it, or mend those settings.",
          errorType: "401",
        })
  }
  if (systemCode(chain) === "ECONNREFUSED" || chain.some(isNotConnected)) {
    return new ToolCallNotSent({
      problem: "The MCP server could not be reached, so the tool was not called.",
    })
  }
  const said = connection.diagnostics
  return new ToolCallFailed({
    problem:
      status === undefined
        ? `The connection to the MCP server was lost during the call${said === undefined ? "" : ` (${said})`}; the tool may have had effects.`
        : `The MCP server answered HTTP ${status} to the call; the tool may have had effects.`,
    errorType: status === undefined ? "connection_lost" : String(status),
  })
}

const invalidResult = (connection: Connection): ToolCallFailed => {
  connection.failed()
  return new ToolCallFailed({
    problem: "The tool was run, and the MCP server answered with a result that is not valid MCP.",
    errorType: "result_invalid",
  })
}

/** The connection was gone before the call was written to it. */
const isNotConnected = (error: unknown): boolean =>
  error instanceof SdkError && error.code === SdkErrorCode.NotConnected

/** The call was answered, by something that the client could not make sense of. */
const isInvalidResult = (error: unknown): boolean =>
  error instanceof SdkError && error.code === SdkErrorCode.InvalidResult
