import * as Schema from "effect/Schema"
import type { BrowserHost } from "./startHost.ts"

const decodeEvent = Schema.decodeUnknownSync(
  Schema.Struct({
    event: Schema.String,
    url: Schema.optionalKey(Schema.String),
    session_id: Schema.optionalKey(Schema.String),
  }),
)

/** A sign-in whose user is about to be sent to the authorization server. */
export interface BegunSignIn extends AsyncDisposable {
  /** Where the user is sent. */
  readonly url: string
  /** What the pages of the host are told when it is over. */
  readonly told: (status: string) => object
  /** The event with which the stream ends. */
  readonly end: () => Promise<string | undefined>
  /** Runs `whoami`, whose answer is the user as whom the MCP server was asked. */
  readonly whoami: () => Promise<unknown>
}

/** Registers an MCP server for alice and connects to it by the official client, up to the URL. */
export const beginSignIn = async (host: BrowserHost, serverUrl: string): Promise<BegunSignIn> => {
  const letta = host.letta("alice")
  const { id = "" } = await letta.mcpServers.create({
    server_name: "Harbour",
    config: { mcp_server_type: "streamable_http", server_url: serverUrl },
  })
  const stream = await letta.get<AsyncIterable<unknown>>(`/v1/mcp-servers/connect/${id}`, { stream: true })
  const events = stream[Symbol.asyncIterator]()
  const next = async () => {
    const { done, value } = await events.next()
    return done === true ? undefined : decodeEvent(value)
  }
  let event = await next()
  while (event !== undefined && event.url === undefined) event = await next()
  if (event?.url === undefined) throw new Error("The stream ended without an authorization_url")
  const { session_id: sessionId, url } = event
  return {
    url,
    told: (status) => ({
      origin: host.origin,
      data: { type: "mooring:authorization", status, session_id: sessionId },
    }),
    end: async () => {
      let last: string | undefined
      for (let event = await next(); event !== undefined; event = await next()) last = event.event
      return last
    },
    whoami: async () => {
      const tools = await letta.mcpServers.tools.list(id)
      const tool = tools.find(({ name }) => name === "whoami")
      const { func_return: answer } = await letta.mcpServers.tools.run(tool?.id ?? "", { mcp_server_id: id })
      return answer
    },
    [Symbol.asyncDispose]: async () => {
      await events.return?.()
    },
  }
}
