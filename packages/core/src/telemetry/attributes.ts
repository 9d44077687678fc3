import type { ServerConfig } from "../servers/ServerConfig.ts"

// OpenTelemetry's semantic conventions for MCP, open-telemetry/semantic-conventions-genai, docs/gen-ai/mcp.md at commit
// 0393513 (status: development), on the general conventions 1.41.1. What may hold secrets (`gen_ai.tool.call.arguments`,
// `gen_ai.tool.call.result`, both opt-in there) is never recorded.

/** By the names of the conventions; those of Mooring's own begin with `mooring.`. */
export type Attributes = Readonly<Record<string, string | number | undefined>>

/** Of the many things that a server's URL may hold, the host and the port alone. */
export const serverAttributes = (config: ServerConfig): Attributes => {
  if (config.type === "stdio") return { "network.transport": "pipe" }
  const url = URL.parse(config.serverUrl)
  return { "network.transport": "tcp", "network.protocol.name": "http", ...addressAttributes(url) }
}

export const addressAttributes = (url: URL | null): Attributes =>
  url === null
    ? {}
    : {
        // Without the brackets of an IPv6 address.
        "server.address": url.hostname.replace(/^\[(.*)\]$/, "$1"),
        "server.port": url.port === "" ? (url.protocol === "http:" ? 80 : 443) : Number(url.port),
      }

/** A name that a server has chosen, of the form and the length that MCP allows it: fit for one line. */
export const nameAttribute = (name: string): string =>
  name.length <= maxName && !unprintable.test(name)
    ? name
    : name.slice(0, maxName).replaceAll(new RegExp(unprintable, "gu"), "\u{FFFD}")

const maxName = 128
/** Control characters, marks that turn text around, line ends, and halves of characters. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
