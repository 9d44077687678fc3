import { createRequire } from "node:module"
import { expect } from "vitest"

const everything = createRequire(import.meta.url).resolve(
  "@modelcontextprotocol/server-everything/dist/index.js",
)

/** The config of the reference server, to be started as a command. */
export const stdioConfig = {
  mcp_server_type: "stdio",
  command: process.execPath,
  args: [everything, "stdio"],
} as const

/** What a test asks an example for. */
export interface ExampleClient {
  /** Registers a server and gives the answer, whatever it is. */
  readonly register: (config: object, name?: string) => Promise<Response>
  /** The parsed body of an answer that is expected to be good. */
  readonly json: (method: "GET" | "PATCH" | "POST", path: string, body?: object) => Promise<unknown>
  readonly status: (method: "DELETE" | "GET", path: string) => Promise<number>
  /** The registered servers, with their secrets. */
  readonly servers: () => Promise<unknown>
  /** Runs the tool of a server that has this name. */
  readonly run: (serverId: string, tool: string, args?: object) => Promise<unknown>
}

export const exampleClient = (url: string, token = ""): ExampleClient => {
  const send = (method: string, path: string, body?: object) =>
    fetch(url + path, {
      method,
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: body === undefined ? null : JSON.stringify(body),
    })
  const json: ExampleClient["json"] = async (method, path, body) => {
    const response = await send(method, path, body)
    expect(response.status, `${method} ${path}`).toBe(200)
    return response.json()
  }
  return {
    register: (config, name = "everything") =>
      send("POST", "/v1/mcp-servers/", { server_name: name, config }),
    json,
    status: async (method, path) => (await send(method, path)).status,
    servers: () => json("GET", "/v1/mcp-servers/"),
    run: async (serverId, tool, args = {}) => {
      const tools = await json("GET", `/v1/mcp-servers/${serverId}/tools`)
      const { id } = Object((Array.isArray(tools) ? tools : []).find(({ name }) => name === tool))
      return json("POST", `/v1/mcp-servers/${serverId}/tools/${id}/run`, { args })
    },
  }
}

/** The id of the server that was registered. */
export const idOf = async (response: Response): Promise<string> => {
  expect(response.status).toBe(200)
  return Object(await response.json()).id
}
