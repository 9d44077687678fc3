import { list, field, text } from "./json.ts"

/** What the suite wants from the client that it has started. */
export interface Scenario {
  readonly name: string
  readonly serverUrl: string
  /** What the scenario tells its client, such as who it is. */
  readonly context: unknown
  /** Calls with their arguments; where there are none, the tools are called as they come. */
  readonly toolCalls: ReadonlyArray<ToolCall>
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
    context,
    toolCalls: list(field(context, "toolCalls")).flatMap((call) => {
      const name = text(call, "name")
      return name === undefined ? [] : [{ name, args: field(call, "arguments") }]
    }),
  }
}
