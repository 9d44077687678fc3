/** What the servers of the benches speak; whatever a client sends is answered from here. */
export type Era = "modern" | "legacy"

const tool = {
  name: "echo",
  description: "Answers with the text that it is given",
  inputSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
}

const serverInfo = { name: "bench", version: "1.0.0" }

/** The parts of a message that count. It comes from the bench's own clients: nothing in it needs to be checked. */
interface Message {
  readonly id?: unknown
  readonly method?: string
  readonly params?: { readonly arguments?: { readonly text?: string } }
}

/**
 * The answer to one JSON-RPC message, as text; undefined to a notification. It does as little as a server can, so that
 * what is measured are those who ask.
 */
export const answerMessage = (text: string, era: Era): string | undefined => {
  const { id, method, params }: Message = JSON.parse(text)
  if (id === undefined) return undefined
  const result = resultOf(method, params?.arguments?.text, era)
  return JSON.stringify(
    result === undefined
      ? { jsonrpc: "2.0", id, error: { code: -32601, message: "Method not found" } }
      : { jsonrpc: "2.0", id, result },
  )
}

const resultOf = (method: string | undefined, text: string | undefined, era: Era): object | undefined => {
  const modern =
    era === "modern"
      ? { resultType: "complete", _meta: { "io.modelcontextprotocol/serverInfo": serverInfo } }
      : {}
  switch (method) {
    case "tools/call":
      return { content: [{ type: "text", text: text ?? "" }], ...modern }
    case "tools/list":
      return {
        tools: [tool],
        ...modern,
        ...(era === "modern" ? { ttlMs: 60_000, cacheScope: "private" } : {}),
      }
    case "ping":
      return modern
    case "server/discover":
      return era === "modern"
        ? {
            supportedVersions: ["2026-07-28"],
            capabilities: { tools: {} },
            ttlMs: 60_000,
            cacheScope: "private",
            ...modern,
          }
        : undefined
    case "initialize":
      return era === "legacy"
        ? { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo }
        : undefined
    default:
      return undefined
  }
}
