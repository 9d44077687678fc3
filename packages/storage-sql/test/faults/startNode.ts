import { createMooring, type Mooring, type MooringOptions } from "@mooring/core"
import * as Schema from "effect/Schema"
import { once } from "node:events"
import { createServer } from "node:http"
import { toNodeHandler } from "../../../adapter-node/src/index.ts"

/** An answer of the API. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly retryAfter: string | null
  /** From the request to the end of its body. */
  readonly ms: number
}

/** One of several hosts on the same stores, on a socket of its own. */
export interface HostNode extends AsyncDisposable {
  readonly mooring: Mooring
  /** Asks the API. The path follows `/v1/mcp-servers/`. */
  readonly request: (method: string, path: string, body?: unknown) => Promise<Answer>
  readonly createServer: (name: string, config: object) => Promise<string>
  /** The id of a tool by its name. */
  readonly findTool: (serverId: string, name: string) => Promise<string>
  readonly run: (serverId: string, toolId: string, args?: object) => Promise<Answer>
}

/** Starts a host whose users may reach MCP servers on loopback, and waits until it is ready. */
export const startNode = async (options: Partial<MooringOptions>): Promise<HostNode> => {
  const mooring = createMooring({
    actor: "single-user",
    egress: { allowRanges: ["127.0.0.0/8"] },
    logLevel: "None",
    ...options,
  })
  const server = createServer(toNodeHandler(mooring)).listen(0, "127.0.0.1")
  await Promise.all([mooring.ready, once(server, "listening")])
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The host has no port")
  const origin = `http://127.0.0.1:${address.port}`

  const request = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const begun = performance.now()
    const response = await fetch(`${origin}/v1/mcp-servers/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    })
    const text = await response.text()
    return {
      status: response.status,
      body: text === "" ? null : JSON.parse(text),
      retryAfter: response.headers.get("retry-after"),
      ms: performance.now() - begun,
    }
  }
  const succeed = async (asked: Promise<Answer>): Promise<unknown> => {
    const { body, status } = await asked
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`)
    return body
  }

  return {
    mooring,
    request,
    createServer: async (name, config) =>
      decodeCreated(await succeed(request("POST", "", { server_name: name, config }))).id,
    findTool: async (serverId, name) => {
      const tools = decodeTools(await succeed(request("GET", `${serverId}/tools`)))
      const found = tools.find((tool) => tool.name === name)
      if (found === undefined) throw new Error(`There is no tool ${name} among ${tools.length}`)
      return found.id
    },
    run: (serverId, toolId, args = {}) => request("POST", `${serverId}/tools/${toolId}/run`, { args }),
    [Symbol.asyncDispose]: async () => {
      await mooring.close()
      server.close()
      server.closeAllConnections()
    },
  }
}

const decodeCreated = Schema.decodeUnknownSync(Schema.Struct({ id: Schema.String }))
const decodeTools = Schema.decodeUnknownSync(
  Schema.Array(Schema.Struct({ id: Schema.String, name: Schema.String })),
)
