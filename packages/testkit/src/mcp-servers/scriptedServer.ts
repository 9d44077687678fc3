import type { IncomingMessage, ServerResponse } from "node:http"
import type { NodeHandler } from "./listen.ts"
import type { JsonObject } from "./TestTool.ts"

/** One request that a script answers, badly or not at all. */
export interface ScriptedExchange {
  readonly params: JsonObject
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Sends a result in the shape of the server's revision. */
  readonly reply: (result: JsonObject) => void
}

/** What a scripted server does once a client is connected; what it leaves out, it does well. */
export interface Script {
  readonly listTools?: (exchange: ScriptedExchange) => void
  readonly callTool?: (exchange: ScriptedExchange) => void
}

/** The tools of a scripted server, for scripts whose fault is elsewhere. */
export const scriptedTools: ReadonlyArray<JsonObject> = [
  {
    name: "echo",
    description: "Answers with the text that it was given",
    inputSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
  },
  { name: "ping", description: "Answers with pong", inputSchema: { type: "object", properties: {} } },
]

const modernRevision = "2026-07-28"

/**
 * An MCP server in a page of code and without the MCP packages, which would mend, refuse or never let out what it is
 * here to answer. It holds no sessions.
 */
export function scriptedServer(era: "legacy" | "modern", script: Script): NodeHandler {
  return (request, response, body) => {
    if (request.method !== "POST") {
      response.writeHead(405, { allow: "POST" }).end()
      return
    }
    const message: unknown = JSON.parse(body)
    const { id, method } = isObject(message) ? message : {}
    if (id === undefined) {
      response.writeHead(202).end()
      return
    }
    const send = (status: number, answer: JsonObject) => {
      response.writeHead(status, { "content-type": "application/json" })
      response.end(JSON.stringify({ jsonrpc: "2.0", id, ...answer }))
    }
    const params = isObject(message) && isObject(message["params"]) ? message["params"] : {}
    const reply = (result: JsonObject) =>
      send(200, {
        result:
          era === "modern" ? { resultType: "complete", ttlMs: 0, cacheScope: "private", ...result } : result,
      })
    const exchange: ScriptedExchange = { params, request, response, reply }
    switch (method) {
      case "initialize":
        return era === "legacy"
          ? reply(initialized(params))
          : send(400, { error: unsupportedRevision(params) })
      case "server/discover":
        if (era === "modern") return reply({ supportedVersions: [modernRevision], capabilities })
        break
      case "tools/list":
        return script.listTools === undefined ? reply({ tools: scriptedTools }) : script.listTools(exchange)
      case "tools/call":
        return script.callTool === undefined ? reply(answerOf(params)) : script.callTool(exchange)
    }
    send(200, { error: { code: -32601, message: "Method not found" } })
  }
}

const capabilities: JsonObject = { tools: {} }

function initialized({ protocolVersion }: JsonObject): JsonObject {
  return { protocolVersion, capabilities, serverInfo: { name: "scriptedServer", version: "1.0.0" } }
}

function unsupportedRevision({ protocolVersion }: JsonObject): JsonObject {
  return {
    code: -32022,
    message: "Unsupported protocol version",
    data: { supported: [modernRevision], requested: protocolVersion },
  }
}

function answerOf({ name, arguments: args }: JsonObject): JsonObject {
  const text = name === "echo" && isObject(args) ? String(args["text"]) : "pong"
  return { content: [{ type: "text", text }] }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
