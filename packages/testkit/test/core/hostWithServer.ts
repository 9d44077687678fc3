import { createMooring, type Mooring, type MooringOptions } from "@mooring/core"

export const alice = { organizationId: "acme", userId: "alice" }
export const bob = { organizationId: "acme", userId: "bob" }

export type Config = Parameters<Mooring["servers"]["create"]>[1]["config"]

/** An application in which a server is registered, by alice. */
export const hostWithServer = async (name: string, config: Config, options: Partial<MooringOptions>) => {
  const mooring = createMooring({
    actor: "single-user",
    stdio: "any",
    egress: { allowHttp: true, allowRanges: ["127.0.0.0/8", "::1/128"] },
    logLevel: "None",
    ...options,
  })
  const { id } = await mooring.servers.create(alice, { name, config })
  const tools = await mooring.tools.list(alice, id)
  return {
    mooring,
    serverId: id,
    toolId: (name: string) => tools.find(({ definition }) => definition.name === name)?.id ?? "",
  }
}
