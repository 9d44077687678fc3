import { createMooring, type Mooring, Transports } from "@mooring/core"
import { inProcessServer, type TestTool } from "../../src/index.ts"

export const alice = { organizationId: "acme", userId: "alice" }

/** An application with MCP servers in its own process, by their names. */
export const agentHost = async (
  servers: Readonly<Record<string, ReadonlyArray<TestTool> | undefined>>,
): Promise<{ mooring: Mooring; idOf: (name: string) => string; close: () => Promise<void> }> => {
  const running = Object.entries(servers).map(([name, tools]) => ({
    name,
    url: `https://${encodeURIComponent(name).replaceAll("%", "").toLowerCase().slice(0, 60)}.test/mcp`,
    server: inProcessServer({ name: "server", ...(tools === undefined ? {} : { tools }) }),
  }))
  const mooring = createMooring({
    actor: "single-user",
    logLevel: "None",
    transports: Transports.layerMemory(
      Object.fromEntries(running.map(({ server, url }) => [url, server.connect])),
    ),
  })
  const ids = new Map<string, string>()
  for (const { name, url } of running) {
    const { id } = await mooring.servers.create(alice, {
      name,
      config: {
        type: "streamable_http",
        serverUrl: url,
        authHeader: null,
        authToken: null,
        customHeaders: null,
        oauth: null,
      },
    })
    ids.set(name, id)
  }
  return {
    mooring,
    idOf: (name) => ids.get(name) ?? "",
    close: async () => {
      await mooring.close()
      await Promise.all(running.map(({ server }) => server.close()))
    },
  }
}
