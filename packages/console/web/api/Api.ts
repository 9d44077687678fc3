import { ApiError, apiError } from "./ApiError.ts"
import { takeEvents } from "./readEvents.ts"
import type {
  AuditRecord,
  ConnectEvent,
  RefreshDiff,
  RunEvent,
  Server,
  ServerConfig,
  ServerHealth,
  Tool,
} from "./wire.ts"

/** So many entries of the audit record are asked for at a time. */
export const auditPage = 50

interface Call {
  readonly method?: "DELETE" | "GET" | "PATCH" | "POST"
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
  readonly accept?: string
}

/** The REST API of the host: nothing but what its OpenAPI document has. */
export class Api {
  readonly #base: string
  #token: string | undefined

  /** @param base where the API is mounted, without a slash at its end. */
  constructor(base: string) {
    this.#base = base
  }

  /** Sends this bearer token from now on. It is kept in this page alone, and gone with it. */
  useToken(token: string): void {
    this.#token = token
  }

  listServers(signal?: AbortSignal) {
    return this.#json<ReadonlyArray<Server>>("/v1/mcp-servers/", { signal })
  }

  getServer(id: string, signal?: AbortSignal) {
    return this.#json<Server>(serverPath(id), { signal })
  }

  createServer(name: string, config: ServerConfig) {
    return this.#json<Server>("/v1/mcp-servers/", { method: "POST", body: { server_name: name, config } })
  }

  updateServer(id: string, name: string, config: Partial<ServerConfig>) {
    return this.#json<Server>(serverPath(id), { method: "PATCH", body: { server_name: name, config } })
  }

  async deleteServer(id: string): Promise<void> {
    await this.#send(serverPath(id), { method: "DELETE" })
  }

  async signOut(id: string): Promise<void> {
    await this.#send(serverPath(id, "/credential"), { method: "DELETE" })
  }

  health(id: string, signal?: AbortSignal) {
    return this.#json<ServerHealth>(serverPath(id, "/health"), { signal })
  }

  /** Asks the MCP server for its tools, and tells what has changed. */
  refresh(id: string, signal?: AbortSignal) {
    return this.#json<RefreshDiff>(serverPath(id, "/refresh"), { method: "PATCH", signal })
  }

  /** What was done with a server, by whom; 404 where the host keeps no such record. */
  audit(id: string, before: string | undefined, signal?: AbortSignal) {
    const query = new URLSearchParams({
      limit: String(auditPage),
      ...(before === undefined ? {} : { before }),
    })
    return this.#json<ReadonlyArray<AuditRecord>>(serverPath(id, `/audit?${query.toString()}`), { signal })
  }

  listTools(id: string, signal?: AbortSignal) {
    return this.#json<ReadonlyArray<Tool>>(serverPath(id, "/tools"), { signal })
  }

  approveTool(id: string, toolId: string, fingerprint: string | undefined) {
    return this.#json<unknown>(serverPath(id, `/tools/${encodeURIComponent(toolId)}/approve`), {
      method: "POST",
      body: fingerprint === undefined ? {} : { fingerprint },
    })
  }

  connect(id: string, signal: AbortSignal) {
    return this.#events<ConnectEvent>(`/v1/mcp-servers/connect/${encodeURIComponent(id)}`, { signal })
  }

  run(id: string, toolId: string, args: unknown, signal: AbortSignal) {
    return this.#events<RunEvent>(serverPath(id, `/tools/${encodeURIComponent(toolId)}/run`), {
      method: "POST",
      body: { args },
      signal,
    })
  }

  async #send(path: string, { accept = "application/json", body, method = "GET", signal }: Call) {
    const response = await fetch(this.#base + path, {
      method,
      signal: signal ?? null,
      headers: {
        accept,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (response.ok) return response
    const json: unknown = await response.json().catch(() => undefined)
    throw apiError(response.status, json)
  }

  async #json<A>(path: string, call: Call): Promise<A> {
    const response = await this.#send(path, call)
    // That it is of this shape is what the API promises; a page of a proxy instead is no JSON.
    return (await response.json().catch(() => {
      throw new ApiError(response.status, "What answers at that address is not the API of MCP servers.")
    })) as A
  }

  async *#events<A>(path: string, call: Call): AsyncGenerator<A, void> {
    const { body } = await this.#send(path, { ...call, accept: "text/event-stream" })
    if (body === null) return
    const reader = body.pipeThrough(new TextDecoderStream()).getReader()
    try {
      let text = ""
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        // A large event comes in many pieces, which are looked through once.
        const isWhole = (text.slice(-1) + value).includes("\n\n")
        text += value
        if (!isWhole) continue
        const { events, rest } = takeEvents(text)
        text = rest
        // As above.
        for (const event of events) yield event as A
      }
    } finally {
      reader.cancel().catch(() => {})
    }
  }
}

const serverPath = (id: string, rest = "") => `/v1/mcp-servers/${encodeURIComponent(id)}${rest}`
