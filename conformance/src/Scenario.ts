import { list, field, text } from "./json.ts"

/** What the suite wants from the client that it has started. */
export interface Scenario {
  readonly name: string
  readonly serverUrl: string
  readonly clients: ReadonlyArray<RegisteredClient>
  /** Calls with their arguments; where there are none, the tools are called as they come. */
  readonly toolCalls: ReadonlyArray<ToolCall>
}

/** A client that the suite's authorization server knows beforehand. */
export interface RegisteredClient {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string
}

export interface ToolCall {
  readonly name: string
  readonly args: unknown
}

/** The scenario's name and its data come by the environment, the address of the MCP server as the last argument. */
export const readScenario = (args: ReadonlyArray<string>, env: NodeJS.ProcessEnv): Scenario => {
  const { MCP_CONFORMANCE_CONTEXT = "{}", MCP_CONFORMANCE_SCENARIO = "" } = env
  const serverUrl = args.at(-1)
  if (serverUrl === undefined || !URL.canParse(serverUrl)) {
    throw new Error("The last argument is the URL of the suite's MCP server.")
  }
  const context: unknown = JSON.parse(MCP_CONFORMANCE_CONTEXT)
  return {
    name: MCP_CONFORMANCE_SCENARIO,
    serverUrl,
    clients: registeredClients(context),
    toolCalls: list(field(context, "toolCalls")).flatMap((call) => {
      const name = text(call, "name")
      return name === undefined ? [] : [{ name, args: field(call, "arguments") }]
    }),
  }
}

const registeredClients = (context: unknown): ReadonlyArray<RegisteredClient> => {
  const issuer = text(context, "issuer")
  const clientId = text(context, "client_id")
  const clientSecret = text(context, "client_secret")
  // Without an issuer the client is meant for a grant without a user, and not for Mooring's option.
  if (issuer === undefined || clientId === undefined) return []
  return [{ issuer, clientId, ...(clientSecret === undefined ? {} : { clientSecret }) }]
}
