import { makeApi } from "./Api.ts"
import { connect } from "./connect.ts"
import { text } from "./json.ts"
import { runTool } from "./runTool.ts"
import type { Scenario } from "./Scenario.ts"
import { setUp } from "./setUp.ts"
import { startHost } from "./startHost.ts"
import { toolCalls } from "./toolCalls.ts"

/** Registers the suite's server, connects to it and runs its tools. Rejects with all that did not work. */
export const playScenario = async (scenario: Scenario): Promise<void> => {
  const setup = await setUp(scenario)
  await using host = await startHost(setup.host)
  const api = makeApi(host.url)
  const serverId = await api.register("conformance", {
    mcp_server_type: "streamable_http",
    server_url: scenario.serverUrl,
    oauth: setup.oauth ?? null,
  })
  const connectOnce = () => connect(api, serverId, host.url)
  await connectOnce()

  const tools = await api.tools(serverId)
  const idOf = (name: string) =>
    text(
      tools.find((tool) => text(tool, "name") === name),
      "id",
    )
  const problems: Array<string> = []
  for (const { args, name } of toolCalls(scenario, tools)) {
    const toolId = idOf(name)
    const problem =
      toolId === undefined
        ? "It is not offered."
        : await runTool(api, { serverId, toolId, args }, connectOnce)
    // One that fails leaves the others to be looked at.
    if (problem !== undefined) problems.push(`The tool ${name}: ${problem}`)
  }
  if (problems.length > 0) throw new Error(problems.join("\n"))
}
