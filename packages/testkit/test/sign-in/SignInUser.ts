import * as Schema from "effect/Schema"
import { signIn, type SignInOptions } from "../../src/oauth/signIn.ts"
import { ConnectStream } from "./ConnectStream.ts"

/** An answer of the API. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly text: string
}

const decodeId = Schema.decodeUnknownSync(Schema.Struct({ id: Schema.String }))
const decodeTools = Schema.decodeUnknownSync(
  Schema.Array(Schema.Struct({ id: Schema.String, name: Schema.String })),
)

/** Somebody who is signed in to a host, and uses its API. */
export class SignInUser {
  readonly #origin: string
  readonly #name: string
  readonly #bearer: string

  constructor(origin: string, organization: string, name: string) {
    this.#origin = origin
    this.#name = name
    this.#bearer = `Bearer ${organization}/${name}`
  }

  /** What this user's requests carry. */
  get headers(): Record<string, string> {
    return { authorization: this.#bearer }
  }

  async request(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.#origin + path, {
      method,
      headers: { ...this.headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === "" ? null : JSON.parse(text), text }
  }

  /** Registers a server, and answers with its id. */
  async createServer(serverUrl: string, more: object = {}, name = "protected"): Promise<string> {
    const config = { mcp_server_type: "streamable_http", server_url: serverUrl, ...more }
    const { body } = await this.request("POST", "/v1/mcp-servers/", { server_name: name, config })
    return decodeId(body).id
  }

  async tools(serverId: string): Promise<ReadonlyArray<{ readonly id: string; readonly name: string }>> {
    return decodeTools((await this.request("GET", `/v1/mcp-servers/${serverId}/tools`)).body)
  }

  connect(serverId: string): Promise<ConnectStream> {
    return this.#stream(`/v1/mcp-servers/connect/${serverId}`, {})
  }

  /** Connects to a config that is not registered. */
  connectFlat(config: object): Promise<ConnectStream> {
    return this.#stream("/v1/tools/mcp/servers/connect", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(config),
    })
  }

  /** Runs `whoami`, whose answer is the user as whom the MCP server was asked. */
  async whoami(serverId: string): Promise<Answer> {
    const tool = (await this.tools(serverId)).find(({ name }) => name === "whoami")
    if (tool === undefined) throw new Error("The server's tools are not known yet")
    return this.runWhoami(serverId, tool.id)
  }

  runWhoami(serverId: string, toolId: string): Promise<Answer> {
    return this.request("POST", `/v1/mcp-servers/${serverId}/tools/${toolId}/run`, { args: {} })
  }

  /** Signs in to a registered server from the first event to the last. */
  async signInTo(serverId: string, options: SignInOptions = {}): Promise<ConnectStream> {
    const stream = await this.connect(serverId)
    const callback = await signIn(await stream.authorizationUrl(), { user: this.#name, ...options })
    const answer = await fetch(callback, { headers: { accept: "application/json" } })
    if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`)
    await answer.body?.cancel()
    await stream.names()
    return stream
  }

  async #stream(path: string, init: RequestInit): Promise<ConnectStream> {
    const abort = new AbortController()
    const headers = { ...this.headers, ...Object.fromEntries(new Headers(init.headers)) }
    return new ConnectStream(
      await fetch(this.#origin + path, { ...init, headers, signal: abort.signal }),
      abort,
    )
  }
}
