import { type McpTool, type ToolDefinition, type ToolStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import { replaceBy } from "../../src/storage-suite/makeTool.ts"
import type { Fault, FaultyPorts } from "./memoryStorage.ts"

type Tools = ToolStore["Service"]

/** A store of tools that differs in some methods. */
const toolsWith =
  (change: (tools: Tools) => Partial<Tools>): Fault =>
  ({ tools }) => ({ tools: { ...tools, ...change(tools) } })

/** A store that lists something else than it was told. */
const listing = (other: (tools: ReadonlyArray<McpTool>) => ReadonlyArray<McpTool>): Fault =>
  toolsWith(({ list }) => ({ list: (...address) => Effect.map(list(...address), other) }))

/** JSON as PostgreSQL's jsonb orders its keys, or nearly. */
const sortKeys = (schema: ToolDefinition["inputSchema"]): ToolDefinition["inputSchema"] =>
  schema === undefined
    ? undefined
    : JSON.parse(JSON.stringify(schema), (_, value: unknown) =>
        typeof value === "object" && value !== null && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
          : value,
      )

/** What a store of tools may get wrong, and cases that must find it. */
export const toolFaults: Readonly<Record<string, FaultyPorts>> = {
  "tools that stay when their server goes": {
    fault: ({ servers, tools }) => {
      const kept = new Map<string, ReadonlyArray<McpTool>>()
      return {
        servers,
        tools: {
          ...tools,
          list: (organizationId, serverId) =>
            Effect.map(tools.list(organizationId, serverId), () => kept.get(serverId) ?? []),
          replaceAll: (server, replace) =>
            Effect.tap(tools.replaceAll(server, replace), (replacement) =>
              Effect.sync(() => kept.set(server.id, replacement.tools)),
            ),
        },
      }
    },
    foundBy: [
      "tools: tools go with their server, and don't come back with one of the same id",
      "tools, many callers of one node: a server that is removed while its tools are replaced leaves none",
    ],
  },
  "tools by name": {
    fault: listing((tools) =>
      tools.toSorted((one, other) => (one.definition.name < other.definition.name ? -1 : 1)),
    ),
    foundBy: ["tools: tools come back in the order in which they were listed, also when that changes"],
  },
  "ten at most": {
    fault: listing((tools) => tools.slice(0, 10)),
    foundBy: ["definitions of tools: ten thousand tools are replaced at once"],
  },
  "keys in another order": {
    fault: listing((tools) =>
      tools.map((tool) => {
        const inputSchema = sortKeys(tool.definition.inputSchema)
        return inputSchema === undefined ? tool : { ...tool, definition: { ...tool.definition, inputSchema } }
      }),
    ),
    foundBy: [
      "definitions of tools: definitions come back as they were: every field",
      "definitions of tools: definitions come back as they were: odd keys",
    ],
  },
  "text as UTF-8": {
    fault: listing((tools) =>
      tools.map((tool) => ({
        ...tool,
        definition: { ...tool.definition, name: tool.definition.name.toWellFormed() },
      })),
    ),
    foundBy: ["definitions of tools: definitions come back as they were: odd names and descriptions"],
  },
  "tools of whatever server": {
    fault: (ports) => {
      const owners = new Map<string, string>()
      return toolsWith(({ get, replaceAll }) => ({
        get: (organizationId, serverId, id) => get(organizationId, owners.get(id) ?? serverId, id),
        replaceAll: (server, replace) =>
          Effect.tap(replaceAll(server, replace), ({ tools }) =>
            Effect.sync(() => {
              for (const { id } of tools) owners.set(id, server.id)
            }),
          ),
      }))(ports)
    },
    foundBy: ["tools: an id that is no tool's of the server is not found, whatever it is"],
  },
  "tools of whatever revision": {
    fault: ({ servers, tools }) => ({
      tools: {
        ...tools,
        replaceAll: (server, replace) =>
          Effect.gen(function* () {
            const { revision } = yield* servers.get(server.organizationId, server.id)
            return yield* tools.replaceAll({ ...server, revision }, replace)
          }),
      },
    }),
    foundBy: [
      "tools: tools that were listed by an earlier or a later config are not taken",
      "tools, many callers of one node: tools that were listed by an earlier config never follow those of the new one",
    ],
  },
  "old tools go before new ones come": {
    fault: toolsWith(({ replaceAll }) => ({
      replaceAll: (server, replace) =>
        Effect.gen(function* () {
          const { tools } = yield* replaceAll(server, (current, approved) => ({
            ...replaceBy(current)(current),
            approved,
          }))
          yield* replaceAll(server, replaceBy([]))
          yield* Effect.yieldNow
          return yield* replaceAll(server, (_, approved) => replace(tools, approved))
        }),
    })),
    foundBy: [
      "tools, many callers of one node: of many replacements each sees the result of another",
      "tools, many callers of one node: of two replacements one holds, whole, and whoever reads meanwhile sees a whole one",
    ],
  },
  "approvals of nobody": {
    fault: toolsWith(({ replaceAll }) => ({
      replaceAll: (server, replace) => replaceAll(server, (current) => replace(current, null)),
    })),
    foundBy: [
      "approvals of tools: what is approved of a server is kept, through replacements, and goes with it",
      "tools, many callers of one node: of many approvals each sees the result of another, and none is of a definition that is gone",
    ],
  },
  "tools that need no approval": {
    fault: listing((tools) => tools.map((tool) => ({ ...tool, needsApproval: false }))),
    foundBy: [
      "approvals of tools: a change of a tool that is refused changes nothing; one that is made is told",
    ],
  },
  "an approval of what was read before": {
    fault: toolsWith(({ list, modify }) => ({
      modify: (organizationId, serverId, id, change) =>
        Effect.gen(function* () {
          const [read] = (yield* list(organizationId, serverId)).filter((tool) => tool.id === id)
          yield* Effect.yieldNow
          return yield* modify(organizationId, serverId, id, ({ approved, tool }) =>
            change({ approved, tool: read ?? tool }),
          )
        }),
    })),
    foundBy: [
      "tools, many callers of one node: of many approvals each sees the result of another, and none is of a definition that is gone",
    ],
  },
}
