import type { McpServerCreateParams } from "@letta-ai/letta-client/resources/mcp-servers/mcp-servers"
import type { SuiteHost } from "./SuiteHost.ts"
import { uniqueName } from "./uniqueName.ts"

/** Registers a server as `org1/alice` and gives it in the form in which cases use it. */
export const register = async (host: SuiteHost, config: McpServerCreateParams["config"]) => {
  const { mcpServers } = host.letta()
  const { id = "", server_name: name } = await mcpServers.create({
    server_name: uniqueName("server"),
    config,
  })
  const tools = await mcpServers.tools.list(id)
  return {
    id,
    name,
    tools,
    /** Runs the tool of that name once: the client does not repeat it. */
    run: async (tool: string, args: Record<string, unknown> = {}) => {
      const found = tools.find((candidate) => candidate.name === tool)
      if (found === undefined) throw new Error(`The server ${name} has no tool ${tool}`)
      return mcpServers.tools.run(found.id, { mcp_server_id: id, args })
    },
  }
}
