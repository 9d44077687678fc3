import type { StreamableHttpConfig } from "../servers/ServerConfig.ts"
import { reconnectionScheduler } from "./reconnectionScheduler.ts"
import type { RemoteOptions } from "./RemoteOptions.ts"
import { requestHeaders } from "./requestHeaders.ts"
import { type LeanCalls, StreamableHttpTransport } from "./StreamableHttpTransport.ts"
import { tagLogs } from "./tagLogs.ts"

/** The transport to a server that speaks streamable HTTP. Redirects stay within the origin (the client's default). */
export const streamableHttpTransport = (
  config: StreamableHttpConfig,
  options: RemoteOptions,
  lean: LeanCalls | undefined,
) =>
  new StreamableHttpTransport(
    new URL(config.serverUrl),
    { ...options, fetch: tagLogs(options.fetch), reconnectionScheduler: reconnectionScheduler() },
    requestHeaders(config),
    lean,
  )
