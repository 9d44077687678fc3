import type { McpServer } from "@mooring/core"
import * as Redacted from "effect/Redacted"
import { actor, openMooring } from "./openMooring.ts"

/** Registers a server for each name, with secrets that tell which one it is of. None of them is ever reached. */
export const createServers = async (
  url: string,
  keys: string,
  names: ReadonlyArray<string>,
): Promise<void> => {
  await using mooring = await openMooring(url, keys)
  for (const name of names) {
    await mooring.servers.create(actor, {
      name,
      config: name.startsWith("remote")
        ? {
            type: "streamable_http",
            serverUrl: "https://mcp.invalid/mcp",
            authHeader: "Authorization",
            authToken: `token of ${name}`,
            customHeaders: { "X-Key": `header of ${name}` },
          }
        : {
            type: "stdio",
            command: "no-such-command",
            args: [],
            env: name.startsWith("open") ? null : { SECRET: `secret of ${name}` },
          },
    })
  }
}

/** The secrets of all servers, by their names, as a host with these keys reads them. */
export const readSecrets = async (url: string, keys: string) => {
  await using mooring = await openMooring(url, keys)
  const servers = await mooring.servers.list(actor)
  return Object.fromEntries(servers.map((server) => [server.name, secretsOf(server)]))
}

/** All that `createServers` gives to a server of this name. */
export const expectedSecrets = (name: string): ReadonlyArray<string> =>
  name.startsWith("remote")
    ? [`token of ${name}`, `header of ${name}`]
    : name.startsWith("open")
      ? []
      : [`secret of ${name}`]

const secretsOf = ({ config }: McpServer): ReadonlyArray<string> =>
  (config.type === "stdio"
    ? Object.values(config.env ?? {})
    : [...(config.authToken === null ? [] : [config.authToken]), ...Object.values(config.customHeaders ?? {})]
  ).map(Redacted.value)
