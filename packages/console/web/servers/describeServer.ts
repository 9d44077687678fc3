import type { Server, ServerType } from "../api/wire.ts"

export const typeLabels: Readonly<Record<ServerType, string>> = {
  sse: "SSE",
  stdio: "Command",
  streamable_http: "Streamable HTTP",
}

/** Where a server is: its address, or the command that is started. */
export const whereabouts = (server: Server): string =>
  server.mcp_server_type === "stdio"
    ? [server.command, ...server.args]
        .map((part) => (/[\s"]/.test(part) ? JSON.stringify(part) : part))
        .join(" ")
    : server.server_url
