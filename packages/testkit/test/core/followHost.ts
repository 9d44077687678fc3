import { type ActorInput, type MooringOptions, type RunEvent, Transports } from "@mooring/core"
import {
  inProcessServer,
  legacyServer,
  modernServer,
  type TestTool,
  type ToolContext,
} from "../../src/index.ts"
import { memoryUrl, remote } from "./askingHost.ts"
import { type Config, hostWithServer } from "./hostWithServer.ts"

/** An application in which a server is registered whose runs are followed. */
export const followHost = async (config: Config, options: Partial<MooringOptions> = {}) => {
  const { mooring, serverId, toolId } = await hostWithServer("followed", config, options)
  type Args = Readonly<Record<string, unknown>>
  return {
    mooring,
    run: (actor: ActorInput, name: string, args: Args = {}) =>
      mooring.tools.run(actor, serverId, toolId(name), args),
    follow: (actor: ActorInput, name: string, args: Args = {}, signal?: AbortSignal) =>
      mooring.tools.follow(actor, serverId, toolId(name), args, signal === undefined ? {} : { signal }),
    [Symbol.asyncDispose]: () => mooring.close(),
  }
}

/** The same server in memory, where all that it says comes by one channel, or over HTTP. */
export const serveFollowed = async (
  kind: "legacy" | "modern" | "legacy, HTTP" | "modern, HTTP",
  tools: ReadonlyArray<TestTool>,
  options: Partial<MooringOptions> = {},
) => {
  const open = async () => {
    if (kind === "legacy, HTTP" || kind === "modern, HTTP") {
      const server = await (kind === "legacy, HTTP" ? legacyServer : modernServer)({ tools })
      return { server, host: await followHost(remote(server.url), options) }
    }
    const server = inProcessServer({ era: kind, tools })
    const transports = Transports.layerMemory({ [memoryUrl]: server.connect })
    return { server, host: await followHost(remote(memoryUrl), { transports, ...options }) }
  }
  const { host, server } = await open()
  return {
    ...host,
    server,
    [Symbol.asyncDispose]: async () => {
      await host.mooring.close()
      await server.close()
    },
  }
}

/** A tool that does nothing by itself: its calls are driven by the test, by the argument `name`. */
export const drivenTool = () => {
  const calls = new Map<unknown, PromiseWithResolvers<DrivenCall>>()
  const callOf = (name: unknown) => {
    const known = calls.get(name) ?? Promise.withResolvers<DrivenCall>()
    calls.set(name, known)
    return known
  }
  const tool: TestTool = {
    name: "driven",
    inputSchema: { type: "object", properties: { name: { type: "string" } } },
    handle: ({ name }, { meta, notify, signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("Cancelled")), { once: true })
        callOf(name).resolve({
          meta,
          progress: (progress) =>
            notify("notifications/progress", {
              progress,
              message: String(name),
              progressToken: meta["progressToken"],
            }),
          log: (data, aside) => notify("notifications/message", { level: "info", data }, aside),
          end: () => resolve({ content: [{ type: "text", text: String(name) }] }),
        })
      }),
  }
  return { tool, called: (name: string) => callOf(name).promise }
}

export interface DrivenCall {
  readonly meta: ToolContext["meta"]
  readonly progress: (progress: number) => Promise<void>
  readonly log: (data: string, aside?: boolean) => Promise<void>
  readonly end: () => void
}

export const eventsOf = async (events: AsyncIterable<RunEvent>): Promise<ReadonlyArray<RunEvent>> => {
  const all: Array<RunEvent> = []
  for await (const event of events) all.push(event)
  return all
}
