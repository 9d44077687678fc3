import { createMooring, type MooringOptions, otlp } from "@mooring/core"
import * as Schema from "effect/Schema"
import type { StdioCommand } from "../../src/index.ts"
import { type Collector, startCollector } from "./Collector.ts"

export const alice = { organizationId: "acme", userId: "alice" }

/** A host that tells a collector what it does; everything is told when it is closed. */
export const startHost = async (options: Partial<MooringOptions> = {}) => {
  const collector = await startCollector()
  const mooring = createMooring({
    actor: () => alice,
    stdio: "any",
    egress: { allowRanges: ["127.0.0.0/8"] },
    logLevel: "None",
    telemetry: otlp({ url: collector.url, serviceName: "a-host", headers: { "x-collector": "key" } }),
    ...options,
  })
  await mooring.ready
  let registered = 0

  return {
    mooring,
    collector,
    /** What the collector was told, once nothing more can come. */
    close: async (): Promise<Collector> => {
      await mooring.close()
      return collector
    },
    register: async (target: string | StdioCommand, more: object = {}) => {
      const { id } = await mooring.servers.create(alice, {
        name: `server ${(registered += 1)}`,
        config:
          typeof target === "string"
            ? {
                type: target.endsWith("/sse") ? "sse" : "streamable_http",
                serverUrl: target,
                authHeader: null,
                authToken: null,
                customHeaders: null,
                ...more,
              }
            : { type: "stdio", command: target.command, args: [...target.args], env: target.env ?? null },
      })
      const tools = await mooring.tools.list(alice, id)
      const toolId = (name: string) => tools.find(({ definition }) => definition.name === name)?.id ?? ""
      return { id, toolId }
    },
    /** What the tool answered, as JSON. */
    runByRest: async (id: string, toolId: string, args: object, headers: Record<string, string>) => {
      const response = await mooring.fetch(
        new Request(`http://host.test/v1/mcp-servers/${id}/tools/${toolId}/run`, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: JSON.stringify({ args }),
        }),
      )
      const { func_return } = decodeAnswer(await response.json())
      return decodeJson(func_return)
    },
    [Symbol.asyncDispose]: async () => {
      await mooring.close()
      await collector[Symbol.asyncDispose]()
    },
  }
}

const decodeAnswer = Schema.decodeUnknownSync(Schema.Struct({ func_return: Schema.String }))
const decodeJson = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Unknown))
