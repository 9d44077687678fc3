import type { Letta } from "letta-client-0"
import type { SuiteHost } from "./SuiteHost.ts"

/** What is connected to, in the form of the wire. */
export interface FlatConfig {
  readonly server_name: string
  readonly type?: "stdio" | "sse" | "streamable_http"
  readonly command?: string
  readonly args?: ReadonlyArray<string>
  readonly env?: Record<string, string>
  readonly server_url?: string
  readonly auth_token?: string
  readonly custom_headers?: Record<string, string>
}

/** Connects by one of Letta's clients and gives the events as they arrive, whatever the client takes them for. */
export type ConnectClient = (
  host: SuiteHost,
  config: FlatConfig,
  actor?: string,
) => Promise<AsyncIterable<unknown>>

/** Both of Letta's clients. The newer one has no method for the call, but reads its stream. */
export const connectClients: Readonly<Record<"1.12.1" | "0.1.211", ConnectClient>> = {
  "1.12.1": (host, config, actor) =>
    host.letta(actor).post<AsyncIterable<unknown>>("/v1/tools/mcp/servers/connect", {
      body: config,
      stream: true,
    }),
  "0.1.211": async (host, config, actor) =>
    host.olderLetta(actor).tools.connectMcpServer(toOlderConfig(config)),
}

/** The same config as the older client takes it. */
export const toOlderConfig = ({
  args,
  auth_token: authToken,
  command,
  custom_headers: customHeaders,
  env,
  server_name: serverName,
  server_url: serverUrl,
  type,
}: FlatConfig): Letta.ConnectMcpServerRequest => ({
  serverName,
  ...(type === undefined ? {} : { type }),
  ...(serverUrl === undefined
    ? { command: command ?? "", args: [...(args ?? [])], ...(env === undefined ? {} : { env }) }
    : {
        serverUrl,
        ...(authToken === undefined ? {} : { authToken }),
        ...(customHeaders === undefined ? {} : { customHeaders }),
      }),
})

/** Every event until the stream ends. */
export const eventsOf = async (stream: AsyncIterable<unknown>): Promise<ReadonlyArray<unknown>> => {
  const events: Array<unknown> = []
  for await (const event of stream) events.push(event)
  return events
}
