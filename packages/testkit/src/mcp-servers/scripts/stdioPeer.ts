// An MCP server of the era of `initialize` on stdin and stdout, without the MCP packages: these would neither let
// garbage out nor start as fast as a fault deserves.
import { createInterface } from "node:readline"

/** How the peer answers; what is left out is done well. */
export interface PeerOptions {
  /** Milliseconds before each answer. */
  readonly delay?: number
  /** Runs in place of each answer. */
  readonly answer?: () => void
  /** Runs first of all when a tool is called. */
  readonly onToolCall?: () => void
}

const tool = { name: "ping", description: "Answers with pong", inputSchema: { type: "object" } }

export function serveStdioPeer({ delay = 0, answer, onToolCall }: PeerOptions = {}): void {
  createInterface({ input: process.stdin }).on("line", (line) => {
    const message: unknown = JSON.parse(line)
    if (typeof message !== "object" || message === null) return
    if (!("id" in message) || !("method" in message)) return
    const { id, method } = message
    if (method === "tools/call") onToolCall?.()
    if (answer !== undefined) return answer()
    const params = "params" in message ? message.params : undefined
    const text = `${JSON.stringify({ jsonrpc: "2.0", id, ...outcome(method, params) })}\n`
    if (delay === 0) process.stdout.write(text)
    else setTimeout(() => process.stdout.write(text), delay)
  })
}

function outcome(method: unknown, params: unknown): object {
  switch (method) {
    case "initialize": {
      const protocolVersion =
        typeof params === "object" && params !== null && "protocolVersion" in params
          ? params.protocolVersion
          : "2025-11-25"
      const serverInfo = { name: "stdioPeer", version: "1.0.0" }
      return { result: { protocolVersion, capabilities: { tools: {} }, serverInfo } }
    }
    case "ping":
      return { result: {} }
    case "tools/list":
      return { result: { tools: [tool] } }
    case "tools/call":
      return { result: { content: [{ type: "text", text: "pong" }] } }
    default:
      return { error: { code: -32601, message: "Method not found" } }
  }
}
