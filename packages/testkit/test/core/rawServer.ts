import { InMemoryTransport, type JSONRPCMessage, type Transport } from "@modelcontextprotocol/server"

type JsonObject = Readonly<Record<string, unknown>>

/** A call of the one tool, `ask`, that a raw server is left alone with. */
export interface RawCall {
  readonly params: JsonObject
  /** The result of the call, as it goes over the wire. */
  readonly reply: (result: JsonObject) => void
}

export interface RawServer {
  /** For `Transports.layerMemory`. */
  readonly connect: () => Transport
  /** Sends a message that no package would. */
  readonly send: (message: JsonObject) => void
  /** What the client answered to requests of the server's. */
  readonly answers: ReadonlyArray<JsonObject>
  readonly isClosed: () => boolean
}

/** In the place of this text goes the number: no JavaScript value is written so. */
export const hugeNumber = "1e400"

export const textOf = (text: string) => ({ content: [{ type: "text", text }] })

/** An MCP server without the MCP packages, which would mend, refuse or never let out what it is here to ask. */
export const rawServer = (
  era: "legacy" | "modern",
  onCall: (call: RawCall, server: RawServer) => void,
  beforeList: (server: RawServer) => Promise<void> = async () => {},
  inputSchema: JsonObject = { type: "object", properties: {} },
): RawServer => {
  const answers: Array<JsonObject> = []
  let side: InMemoryTransport | undefined
  let isClosed = false
  const send = (message: JsonObject) => {
    // What is sent need not be what the type says. What does not arrive any more is the other side's doing.
    const text = JSON.stringify({ jsonrpc: "2.0", ...message }).replaceAll(`"${hugeNumber}"`, hugeNumber)
    const raw: JSONRPCMessage = JSON.parse(text)
    if (!isClosed) void side?.send(raw)
  }
  const complete = era === "modern" ? { resultType: "complete", ttlMs: 0, cacheScope: "private" } : {}

  const receive = (message: JSONRPCMessage) => {
    if (!("method" in message)) return void answers.push(message)
    if (!("id" in message)) return
    const { id, method, params = {} } = message
    const reply = (result: JsonObject) => send({ id, result: { ...complete, ...result } })
    switch (method) {
      case "initialize":
        if (era === "modern") break
        return reply({
          protocolVersion: params["protocolVersion"],
          capabilities: { tools: {} },
          serverInfo: { name: "raw", version: "1" },
        })
      case "server/discover":
        if (era === "legacy") break
        return reply({ supportedVersions: ["2026-07-28"], capabilities: { tools: {} } })
      case "tools/list":
        return void beforeList(server).then(() => reply({ tools: [{ name: "ask", inputSchema }] }))
      case "tools/call":
        return onCall({ params, reply }, server)
    }
    send({ id, error: { code: -32601, message: "Method not found" } })
  }

  const server: RawServer = {
    connect: () => {
      const [clientSide, serverSide] = InMemoryTransport.createLinkedPair()
      side = serverSide
      isClosed = false
      serverSide.onmessage = receive
      serverSide.onclose = () => {
        isClosed = true
      }
      void serverSide.start()
      return clientSide
    },
    send,
    answers,
    isClosed: () => isClosed,
  }
  return server
}
