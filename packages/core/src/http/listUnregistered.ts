import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Actor } from "../actors/Actor.ts"
import type { ConnectEvent } from "../connect/ConnectEvent.ts"
import type { Connector, ConnectTarget } from "../connect/Connector.ts"
import {
  BadGateway,
  errorBody,
  Forbidden,
  GatewayTimeout,
  ServiceUnavailable,
  unprocessable,
} from "./ApiErrors.ts"

/**
 * Connects without anybody's eyes, lists the tools and stores nothing. Nobody can be sent anywhere to authorize it:
 * the first event that asks for that ends the attempt, and with it everything that it holds.
 */
export const listUnregistered = (connector: Connector["Service"], actor: Actor, target: ConnectTarget) =>
  connector.connect(actor, target).pipe(
    Stream.filter(({ event }) => event !== "connection_attempt"),
    Stream.runHead,
    Effect.flatMap(
      Option.match({
        onNone: () => Effect.die("An attempt to connect ended without an event"),
        onSome: (event) =>
          event.event === "success" ? Effect.succeed(event.tools) : Effect.fail(failureOf(event)),
      }),
    ),
  )

/** Why a server was not connected to, as an event tells it. */
export interface ConnectFailure {
  readonly code: string
  readonly message: string
}

const failureOf = (event: Exclude<ConnectEvent, { event: "success" }>): ConnectFailure =>
  event.event === "error"
    ? { code: event.code, message: event.message }
    : {
        code: "authorization_required",
        message:
          "The MCP server wants authorization. Connect to it by POST /v1/tools/mcp/servers/connect and follow the events, or set a valid auth_token or header for it.",
      }

/** The HTTP answer to such a failure: the same as where the services fail with the error itself. */
export const connectFailureToApiError = ({ code, message }: ConnectFailure) => {
  const body = errorBody(message, code)
  switch (code) {
    case "authorization_required":
    case "network_forbidden":
    case "stdio_disabled":
    case "stdio_forbidden":
      return new Forbidden(body)
    case "config_invalid":
    case "header_invalid":
    case "variable_missing":
      return unprocessable([{ loc: ["body"], msg: message, type: code }], code)
    case "mcp_server_timeout":
      return new GatewayTimeout(body)
    case "store_unavailable":
      return new ServiceUnavailable(body)
    default:
      return new BadGateway(body)
  }
}
