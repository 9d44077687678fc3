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
import { AuthorizationFailed } from "../oauth/AuthorizationFailed.ts"
import { ResponseTooLarge } from "../security/egress/ResponseTooLarge.ts"
import type { Input } from "../serverRequests/ServerRequests.ts"
import { noChallenge } from "../transport/Challenge.ts"
import { callHeader } from "../transport/tagLogs.ts"
import type { ToolDefinition } from "../tools/ToolDefinition.ts"
import type { Connection } from "./connect.ts"
import { causes } from "../causes.ts"
import { httpStatus, systemCode } from "./connectFailure.ts"
import { longest } from "./callDeadline.ts"
import { followCall, followedMeta } from "./followCall.ts"
import { type ToolCall, ToolCallFailed, ToolCallNotSent, ToolCallUnauthorized } from "./McpSession.ts"
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
): Effect.Effect<CallToolResult, ToolCallFailed | ToolCallNotSent | ToolCallUnauthorized> => {
  notices.calledBy(call.userId)
  const rounds = connection.requests
    .during(
      Effect.fnUntraced(function* (operation) {
        let result = yield* sendCall(connection, call, {}, meta)
        // MCP 2026-07-28, basic/utilities/mrtr. In what an older server says, the word has no meaning.
        while (connection.isModern() && isInputRequiredResult(result)) {
          connection.succeeded()
          const input = yield* connection.requests.fulfil(operation, result)
          result = yield* sendCall(connection, call, input, meta).pipe(
            // The rounds before it have reached the server.
            Effect.catchTag(["ToolCallNotSent", "ToolCallUnauthorized"], ({ message }) =>
              Effect.fail(new ToolCallFailed({ problem: message })),
            ),
          )
        }
        return result
      }),
    )
    .pipe(Effect.catchTag("InputRefused", ({ problem }) => Effect.fail(new ToolCallFailed({ problem }))))
  const giveUp = (millis: number) =>
    Effect.suspend(() => {
      connection.failed()
      return Effect.fail(outOfTime(millis))
    })
  const limited =
    call.follower === undefined
      ? Effect.timeoutOrElse(rounds, {
          duration: Duration.millis(call.timeoutMs),
          orElse: () => giveUp(call.timeoutMs),
        })
      : followCall(notices, call.follower, rounds, giveUp)
  return Effect.tap(limited, () => Effect.sync(connection.succeeded))
}

/** One round of a call: a request of its own, with what the round before has asked for. */
const sendCall = (
  connection: Connection,
  { args, follower, timeoutMs, tool }: ToolCall,
  input: Input,
  trace: TraceMeta | undefined,
) =>
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
                  ...(follower === undefined ? {} : followedMeta(follower, connection.isModern())),
                  ...trace,
                },
              }),
        },
        {
          signal,
          allowInputRequired: true,
          // Never reached: the client's own limit counts anew for every round of a call, and cannot be turned off.
          timeout: clientTimeout(follower === undefined ? timeoutMs : longest(follower.limits)),
          // Spares the client a list of its own for the parameters that are mirrored into headers. Without an
          // output schema it also leaves results alone that break the tool's own promise: they are the model's to judge.
          toolDefinition: { name: tool.name, inputSchema: { ...asObject(tool.inputSchema), type: "object" } },
          ...(follower === undefined ? {} : { headers: { [callHeader]: follower.token } }),
        },
      ),
    catch: (cause) => toolCallFailure(connection, cause),
  })

/** A timer of Node's overflows past 2^31 - 1. */
const clientTimeout = (timeoutMs: number) => Math.min(timeoutMs + 1_000, 2 ** 31 - 1)

const outOfTime = (timeoutMs: number) =>
  new ToolCallFailed({
    problem: `The tool gave no result within ${Math.ceil(timeoutMs / 1000)} s and was cancelled; it may have had effects.`,
    errorType: "timeout",
  })

const asObject = (schema: ToolDefinition["inputSchema"]) =>
  typeof schema === "object" && schema !== null && !Array.isArray(schema) ? schema : {}

const toolCallFailure = (
  connection: Connection,
  cause: unknown,
): ToolCallFailed | ToolCallNotSent | ToolCallUnauthorized => {
  connection.failed()
  const chain = causes(cause)

  const refusal = chain.find((error) => error instanceof ProtocolError)
  if (refusal !== undefined) {
    if (refusal.code !== ProtocolErrorCode.InvalidParams && connection.isModern()) connection.abandon()
    return new ToolCallFailed({
      problem: `The MCP server answered with an error: ${refusal.message}`,
      ...(Number.isSafeInteger(refusal.code) ? { rpcCode: refusal.code } : {}),
    })
  }
  const lacking = chain.find((error) => error instanceof InsufficientScopeError)
  if (lacking !== undefined) {
    // What another call was refused with meanwhile is not what this one lacks.
    const challenge = { ...(connection.challenge() ?? noChallenge), scope: lacking.requiredScope ?? null }
    return connection.isSignedIn
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
  if (chain.some(isInvalidResult)) {
    return new ToolCallFailed({
      problem: "The tool was run, and the MCP server answered with a result that is not valid MCP.",
      errorType: "result_invalid",
    })
  }

  // Past this point the connection itself is in doubt.
  connection.abandon()
  const status = httpStatus(chain)
  // MCP 2025-11-25, basic/transports, session management: to a request with a session id, 404 says that the session
  // is over, before the message is read. Any other status may come from something that has read it.
  if (status === 404 && connection.hasSessionId()) {
    return new ToolCallNotSent({ problem: "The MCP server has ended the session and did not take the call." })
  }
  const unrenewed = chain.find((error) => error instanceof AuthorizationFailed)
  if (unrenewed !== undefined) {
    return new ToolCallFailed({ problem: unrenewed.message, errorType: unrenewed.code })
  }
  if (status === 401 || chain.some((error) => error instanceof UnauthorizedError)) {
    return new ToolCallFailed({
      problem:
        "The MCP server wants you to sign in (HTTP 401). Connect to it and sign in again, or set a valid auth_token or header for it.",
      errorType: "401",
    })
  }
  if (systemCode(chain) === "ECONNREFUSED" || chain.some(isNotConnected)) {
    return new ToolCallNotSent({
      problem: "The MCP server could not be reached, so the tool was not called.",
    })
  }
  const said = connection.diagnostics()
  return new ToolCallFailed({
    problem:
      status === undefined
        ? `The connection to the MCP server was lost during the call${said === undefined ? "" : ` (${said})`}; the tool may have had effects.`
        : `The MCP server answered HTTP ${status} to the call; the tool may have had effects.`,
    errorType: status === undefined ? "connection_lost" : String(status),
  })
}

/** The connection was gone before the call was written to it. */
const isNotConnected = (error: unknown): boolean =>
  error instanceof SdkError && error.code === SdkErrorCode.NotConnected

/** The call was answered, by something that the client could not make sense of. */
const isInvalidResult = (error: unknown): boolean =>
  error instanceof SdkError && error.code === SdkErrorCode.InvalidResult
