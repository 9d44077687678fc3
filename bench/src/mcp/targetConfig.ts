import type { ServerConfig } from "@mooring/core"
import { type McpTarget, stdioCommand } from "./McpTarget.ts"

/** The config under which Mooring registers the MCP server of a bench. */
export const targetConfig = ({ kind, url }: McpTarget): typeof ServerConfig.Encoded =>
  kind === "stdio"
    ? { type: "stdio", ...stdioCommand, env: null }
    : {
        type: kind === "sse" ? "sse" : "streamable_http",
        serverUrl: url,
        authHeader: null,
        authToken: null,
        customHeaders: null,
      }
