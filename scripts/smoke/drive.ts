import assert from "node:assert/strict"
import type { Server } from "node:http"
import { everythingServer } from "@mooring/testkit"

/** Registers a server by the API, lists its tools and runs one. The process must then end by itself. */
export const drive = async (server: Server, mountPath: string): Promise<void> => {
  const address = server.address()
  assert(typeof address === "object" && address !== null)
  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${address.port}${mountPath}${path}`, {
      method,
      headers: { "content-type": "application/json", "x-user": "smoke" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    assert.equal(response.status, 200, `${method} ${path}: ${response.status}`)
    // What the answers are is the contract; the assertions below hold it.
    return response.json() as Promise<T>
  }
  const { args, command } = everythingServer("stdio")
  const { id } = await api<{ id: string }>("POST", "/v1/mcp-servers/", {
    server_name: "everything",
    config: { command, args },
  })
  const tools = await api<Array<{ id: string; name: string }>>("GET", `/v1/mcp-servers/${id}/tools`)
  const echo = tools.find((tool) => tool.name === "echo")
  const result = await api<{ func_return: string }>("POST", `/v1/mcp-servers/${id}/tools/${echo?.id}/run`, {
    args: { message: "ahoy" },
  })
  assert.equal(result.func_return, "Echo: ahoy")
  console.log(`${tools.length} tools, ${result.func_return}`)
}
