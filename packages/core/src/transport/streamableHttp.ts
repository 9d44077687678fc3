import { type FetchLike, StreamableHTTPClientTransport } from "@modelcontextprotocol/client"
import type { StreamableHttpConfig } from "../servers/ServerConfig.ts"
import { reconnectionScheduler } from "./reconnectionScheduler.ts"
import { requestHeaders } from "./requestHeaders.ts"

/** The transport to a server that speaks streamable HTTP. Redirects stay within the origin (the client's default). */
export const streamableHttpTransport = (config: StreamableHttpConfig, fetch: FetchLike) =>
  new StreamableHTTPClientTransport(new URL(config.serverUrl), {
    fetch,
    requestInit: { headers: requestHeaders(config) },
    reconnectionScheduler: reconnectionScheduler(),
  })
