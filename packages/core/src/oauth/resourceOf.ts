import { resourceUrlFromServerUrl } from "@modelcontextprotocol/client"

/** An MCP server as credentials name it: its URL without a fragment (RFC 8707, section 2), however it was written. */
export const resourceOf = (serverUrl: string): string => resourceUrlFromServerUrl(serverUrl).href
