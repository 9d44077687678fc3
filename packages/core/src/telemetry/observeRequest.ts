import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import { type Attributes, nameAttribute, serverAttributes } from "./attributes.ts"
import { operationDuration } from "./metrics.ts"
import { observe } from "./observe.ts"
import type { TraceMeta } from "./spans.ts"

/** What is known of a session once it is connected. */
export interface SessionFacts {
  readonly protocolVersion: string | undefined
  /** Of streamable HTTP up to 2025-11-25. */
  readonly sessionId: string | undefined
}

type Method = "initialize" | "server/discover" | "tools/call" | "tools/list"

/** A request to an MCP server, as OpenTelemetry's conventions for MCP see it (./attributes.ts). */
export interface McpRequest<A, E> {
  /** A function: the client decides, and may get by without any. */
  readonly method: Method | (() => Method | undefined)
  /** By its name. */
  readonly tool?: string
  readonly config: ServerConfig
  readonly session: () => SessionFacts | undefined
  readonly errorTypeOf: (error: E) => string
  readonly problemOf?: (value: A) => string | undefined
  /** The code of the JSON-RPC error that was the answer. */
  readonly rpcCodeOf?: (error: E) => number | undefined
}

/**
 * Shows a request to an MCP server as a span of the kind CLIENT and in `mcp.client.operation.duration`.
 *
 * @param use is given the `_meta` that makes the server's span a child of ours.
 */
export const observeRequest = <A, E, R>(
  request: McpRequest<A, E>,
  use: (meta: TraceMeta | undefined) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> =>
  observe(() => {
    const { config, errorTypeOf, method, problemOf, rpcCodeOf, session } = request
    const tool = request.tool === undefined ? undefined : nameAttribute(request.tool)
    return {
      name: typeof method === "string" && tool !== undefined ? `${method} ${tool}` : method,
      kind: "client",
      attributes: (exit): Attributes => {
        const facts = session()
        const error = Exit.isFailure(exit)
          ? Option.getOrUndefined(Cause.findErrorOption(exit.cause))
          : undefined
        return {
          "mcp.method.name": typeof method === "string" ? method : method(),
          "gen_ai.tool.name": tool,
          "gen_ai.operation.name": tool === undefined ? undefined : "execute_tool",
          "rpc.response.status_code": error === undefined ? undefined : rpcCodeOf?.(error)?.toString(),
          "mcp.protocol.version": facts?.protocolVersion,
          "mcp.session.id": facts?.sessionId,
          ...serverAttributes(config),
        }
      },
      errorTypeOf,
      ...(problemOf === undefined ? {} : { problemOf }),
      duration: { metric: operationDuration, by: withoutIds },
    }
  }, use)

/** Effect's metrics have attributes of text alone, and `server.port` is a number. */
const withoutIds = ({ "mcp.session.id": _, "server.port": __, ...attributes }: Attributes): Attributes =>
  attributes
