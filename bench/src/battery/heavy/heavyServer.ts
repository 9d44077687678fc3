import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"
import { answerParent } from "../../processes/answerParent.ts"
import { listenOnLoopback } from "../../processes/listenOnLoopback.ts"

// An MCP server in a process of its own that answers more than anybody can take: `heavyServer.ts <bytes> <tools>`.

const [bytes = 0, tools = 0] = process.argv.slice(2).map(Number)

const chunk = "x".repeat(2 ** 16)
const tool = (name: string, inputSchema: object = { type: "object", properties: {} }) => ({
  name,
  inputSchema,
})
const depth = 10_000

/** JSON of so many bytes, in parts. */
function* large(before: string, after: string): Generator<string> {
  yield before
  for (let sent = 0; sent < bytes; sent += chunk.length) yield chunk
  yield after
}

function* endless(part: string): Generator<string> {
  for (;;) yield part
}

const send = (response: ServerResponse, parts: Iterable<string>): void => {
  // Whoever has enough hangs up.
  pipeline(Readable.from(parts, { objectMode: false, highWaterMark: 2 ** 16 }), response).catch(() => {})
}

/** Made once, before anybody asks: it takes a while to make, and nothing to send. Its id is that of nobody's request. */
const bomb = Buffer.from(
  `{"jsonrpc":"2.0","id":-1,"result":{"content":[{"type":"text","text":"${"x".repeat(Math.min(bytes, 200_000_000))}"}]}}`,
)
const bombs = {
  gzip: gzipSync(bomb, { level: 1 }),
  brotli: brotliCompressSync(bomb, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
}

const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const path = (request.url ?? "").slice(1)
  if (request.method !== "POST") return void response.writeHead(405).end()
  let body = ""
  for await (const part of request) body += String(part)
  const { id, method, params } = JSON.parse(body) as {
    id?: unknown
    method: string
    params?: Record<string, unknown>
  }
  if (id === undefined) return void response.writeHead(202).end()
  const wrap = (result: string): readonly [string, string] => {
    const [before = "", after = ""] = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`.split(
      "…",
    )
    return [before, after]
  }
  const json = (result: string) =>
    response.writeHead(200, { "content-type": "application/json" }).end(wrap(result).join(""))
  const stream = () => response.writeHead(200, { "content-type": "text/event-stream" })

  if (method === "initialize") {
    const protocolVersion = params?.["protocolVersion"]
    return void json(
      JSON.stringify({
        protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "heavy", version: "1" },
      }),
    )
  }
  if (method === "tools/list") {
    if (path === "list") {
      response.writeHead(200, { "content-type": "application/json" })
      return send(response, large(...wrap('{"tools":[{"name":"call","description":"…"}]}')))
    }
    if (path === "tools")
      return void json(
        JSON.stringify({ tools: Array.from({ length: tools }, (_, at) => tool(`tool-${at}`)) }),
      )
    if (path === "tools-by-pages") {
      const from = Number(params?.["cursor"] ?? 0)
      const page = Array.from({ length: 1_000 }, (_, at) => tool(`tool-${from + at}`))
      return void json(
        JSON.stringify({
          tools: page,
          ...(from + 1_000 < tools ? { nextCursor: String(from + 1_000) } : {}),
        }),
      )
    }
    if (path === "deep-schema")
      return void json(
        `{"tools":[{"name":"call","inputSchema":{}},{"name":"deep","inputSchema":${'{"type":"object","properties":{"a":'.repeat(depth)}{}${"}}".repeat(depth)}}]}`,
      )
    return void json(JSON.stringify({ tools: [tool("call")] }))
  }
  if (method !== "tools/call")
    return void response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32601, message: "Method not found" } }))

  const parts = wrap('{"content":[{"type":"text","text":"…"}]}')
  switch (path) {
    case "result":
    case "result-announced": {
      const length = parts.join("").length + Math.ceil(bytes / chunk.length) * chunk.length
      response.writeHead(200, {
        "content-type": "application/json",
        ...(path === "result" ? {} : { "content-length": length }),
      })
      return send(response, large(...parts))
    }
    case "gzip":
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" })
      return void response.end(bombs.gzip)
    case "brotli":
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "br" })
      return void response.end(bombs.brotli)
    case "event":
      stream()
      return send(response, large(`data: ${parts[0]}`, `${parts[1]}\n\n`))
    case "events":
      stream()
      return send(
        response,
        endless(
          'data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"again"}}\n\n',
        ),
      )
    case "comments":
      stream()
      return send(response, endless(": nothing yet\n\n"))
    case "deep-result":
      return void json(
        `{"content":[{"type":"text","text":"here"}],"structuredContent":${'{"a":'.repeat(depth)}{}${"}".repeat(depth)}}`,
      )
    default:
      return void json('{"content":[{"type":"text","text":"here"}]}')
  }
}

const server = createServer(
  (request, response) => void answer(request, response).catch(() => response.destroy()),
)
const port = await listenOnLoopback(server)
process.once("SIGTERM", () => {
  server.closeAllConnections()
  server.close()
  void once(server, "close").then(() => process.exit(0))
})
answerParent(async () => ({ port }))
