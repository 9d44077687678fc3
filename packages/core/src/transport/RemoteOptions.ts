import type { AuthProvider, FetchLike } from "@modelcontextprotocol/client"

/** What both transports over the network are given beside the config. */
export interface RemoteOptions {
  readonly fetch: FetchLike
  readonly authProvider?: AuthProvider
}
