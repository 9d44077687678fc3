import { InMemoryTransport } from "@modelcontextprotocol/server"
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/server"
import { serveStdio } from "@modelcontextprotocol/server/stdio"
import { legacyProtocol } from "./legacyProtocol.ts"
import { modernProtocol } from "./modernProtocol.ts"
import { serverDefinition } from "./TestServerOptions.ts"
import type { ServerEra, TestServerOptions } from "./TestServerOptions.ts"
import type { ToolObserver } from "./ToolRegistry.ts"

export interface InProcessServerOptions extends TestServerOptions {
  /** Default: `both`. */
  readonly era?: ServerEra
}

/** An MCP server without sockets or processes. */
export interface InProcessServer extends ToolObserver, AsyncDisposable {
  /** Every JSON-RPC message that clients sent, over all connections. */
  readonly messages: ReadonlyArray<JSONRPCMessage>
  /** How many connections are open. */
  readonly connectionCount: number
  /** A client's end of a new connection, to be handed to `Client.connect`; the server's end is a fresh instance. */
  connect(): Transport
  /** Ends all connections from the server's side; new ones may follow. */
  disconnect(): Promise<void>
  close(): Promise<void>
}

interface ServerEnd {
  readonly close: () => Promise<void>
  readonly notifyToolsChanged: () => Promise<void>
}

/** An MCP server in this process, each connection an in-memory pair, for tests of what lies above the transports. */
export function inProcessServer(options: InProcessServerOptions = {}): InProcessServer {
  const definition = serverDefinition("inProcessServer", options)
  const { registry } = definition
  const era = options.era ?? "both"
  const messages: Array<JSONRPCMessage> = []
  const ends = new Set<ServerEnd>()

  const serve = (transport: InMemoryTransport): ServerEnd => {
    if (era === "legacy") {
      const server = legacyProtocol(definition)
      void server.connect(transport)
      return { close: () => server.close(), notifyToolsChanged: () => server.sendToolListChanged() }
    }
    // The package's stdio entry decides the era by the first message, on any transport that it is given.
    const served: Array<ReturnType<typeof modernProtocol>> = []
    const handle = serveStdio(
      () => {
        const server = modernProtocol(definition)
        served.push(server)
        return server
      },
      { transport, legacy: era === "modern" ? "reject" : "serve" },
    )
    return {
      close: () => handle.close(),
      notifyToolsChanged: async () => {
        await served.at(-1)?.sendToolListChanged()
      },
    }
  }

  const disconnect = async () => {
    await Promise.all([...ends].map((end) => end.close()))
  }

  const close = async () => {
    registry.close()
    await disconnect()
  }

  return {
    messages,
    calls: registry.calls,
    cancellations: registry.cancellations,
    cancelled: registry.cancelled,
    called: (name) => registry.called(name),
    setTools: async (tools) => {
      registry.tools = tools
      await Promise.all([...ends].map((end) => end.notifyToolsChanged()))
    },
    get connectionCount() {
      return ends.size
    },
    connect: () => {
      const [clientSide, serverSide] = InMemoryTransport.createLinkedPair()
      const end = serve(serverSide)
      ends.add(end)
      const deliver = serverSide.onmessage
      serverSide.onmessage = (message, extra) => {
        messages.push(message)
        deliver?.(message, extra)
      }
      const onclose = serverSide.onclose
      serverSide.onclose = () => {
        ends.delete(end)
        onclose?.()
      }
      return clientSide
    },
    disconnect,
    close,
    [Symbol.asyncDispose]: close,
  }
}
