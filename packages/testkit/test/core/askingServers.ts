import { type MooringOptions, Transports } from "@mooring/core"
import {
  askTool,
  inProcessServer,
  legacyServer,
  legacySseServer,
  modernServer,
  stdioServer,
} from "../../src/index.ts"
import { askingHost, memoryUrl, remote } from "./askingHost.ts"

const tools = [askTool]

const overHttp = async (
  server: { readonly url: string } & AsyncDisposable,
  options: Partial<MooringOptions>,
  type?: "sse",
) => {
  const host = await askingHost(remote(server.url, type), options)
  return {
    ...host,
    [Symbol.asyncDispose]: async () => {
      await host[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

const byCommand = (era: "legacy" | "modern" | "both", options: Partial<MooringOptions>) => {
  const { args, command, env } = stdioServer({ era, asks: true })
  return askingHost({ type: "stdio", command, args: [...args], env: env ?? null }, options)
}

const inMemory = (era: "legacy" | "modern") => (options: Partial<MooringOptions>) =>
  askingHost(remote(memoryUrl), {
    transports: Transports.layerMemory({ [memoryUrl]: inProcessServer({ era, tools }).connect }),
    ...options,
  })

type Start = (options: Partial<MooringOptions>) => ReturnType<typeof askingHost>

export const inMemoryServers: Readonly<Record<string, Start>> = {
  "in memory": inMemory("legacy"),
  "modern, in memory": inMemory("modern"),
}

/** Those that ask by requests of their own (MCP up to 2025-11-25). */
export const legacyServers: Readonly<Record<string, Start>> = {
  "in memory": inMemory("legacy"),
  "over streamable HTTP": async (options) => overHttp(await legacyServer({ tools }), options),
  "over SSE": async (options) => overHttp(await legacySseServer({ tools }), options, "sse"),
  "by stdio": (options) => byCommand("legacy", options),
  "by stdio, of the second generation": (options) => byCommand("both", options),
}

/** Those that ask in the place of a result (MCP 2026-07-28). */
export const modernServers: Readonly<Record<string, Start>> = {
  "modern, in memory": inMemory("modern"),
  "modern, over HTTP": async (options) => overHttp(await modernServer({ tools }), options),
  "modern, by stdio": (options) => byCommand("modern", options),
}
