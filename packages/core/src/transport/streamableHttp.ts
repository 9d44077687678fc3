import { type FetchLike, StreamableHTTPClientTransport } from "@modelcontextprotocol/client"
import * as Effect from "effect/Effect"
import type { StreamableHttpConfig } from "../servers/ServerConfig.ts"
import { requestHeaders } from "./requestHeaders.ts"

/**
 * The transport to a server that speaks streamable HTTP. Redirects stay within the origin (the client's default).
 * A server that gave us a session is told when it is over, as the specification asks and the client does not by
 * itself (MCP 2025-11-25, basic/transports, session management).
 */
export const streamableHttpTransport = (config: StreamableHttpConfig, fetch: FetchLike) =>
  Effect.acquireRelease(
    Effect.sync(
      () =>
        new StreamableHTTPClientTransport(new URL(config.serverUrl), {
          fetch,
          requestInit: { headers: requestHeaders(config) },
        }),
    ),
    (transport) =>
      Effect.tryPromise(() => transport.terminateSession()).pipe(
        // A courtesy: that the server is gone, slow or does not know of it must not hold up the closing.
        Effect.timeout("1 second"),
        Effect.ignore,
        Effect.andThen(Effect.promise(() => transport.close())),
      ),
  )
