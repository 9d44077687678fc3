import { type FetchLike, SSEClientTransport } from "@modelcontextprotocol/client"
import * as Effect from "effect/Effect"
import type { SseConfig } from "../servers/ServerConfig.ts"
import { requestHeaders } from "./requestHeaders.ts"

/** The transport to a server of MCP 2024-11-05: a stream of events to listen to, and an endpoint to post to. */
export const sseTransport = (config: SseConfig, fetch: FetchLike) =>
  Effect.acquireRelease(
    Effect.sync(
      () =>
        new SSEClientTransport(new URL(config.serverUrl), {
          fetch,
          requestInit: { headers: requestHeaders(config) },
        }),
    ),
    (transport) => Effect.promise(() => transport.close()),
  )
