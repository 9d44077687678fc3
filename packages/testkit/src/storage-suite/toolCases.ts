import { McpServerStore, ToolStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { insertServer, makeServer } from "./makeServer.ts"
import { append, makeTool, makeTools, namesOf, replaceBy } from "./makeTool.ts"
import { oddIds } from "./oddTexts.ts"
import { outcome } from "./outcome.ts"
import { readableServer, readableTool } from "./readable.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"

/** Tools of a server: listed, got, replaced. */
export const toolCases: StorageCases = {
  "tools come back in the order in which they were listed, also when that changes": onNode(
    Effect.gen(function* () {
      const tools = yield* ToolStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId)
      const made = makeTools(server, ["m", "z", "a", "Z", "10", "9"])
      // Reversed: every place changes hands.
      for (const order of [made, made.toReversed(), made.slice(2), made]) {
        yield* tools.replaceAll(server, replaceBy(order))
        const listed = yield* tools.list(organizationId, server.id)
        expect(listed.map(readableTool)).toStrictEqual(order.map(readableTool))
      }
    }),
  ),

  "a tool comes with the server that offers it, secrets included": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const tools = yield* ToolStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId, {
        config: {
          type: "streamable_http",
          serverUrl: "https://mcp.example/mcp",
          authHeader: null,
          authToken: Redacted.make("token"),
          customHeaders: { "X-Tenant": Redacted.make("tenant") },
          oauth: null,
        },
      })
      const [one, two] = [makeTool(server, { name: "one" }), makeTool(server, { name: "two" })]
      yield* tools.replaceAll(server, replaceBy([one, two]))
      const offered = yield* tools.get(organizationId, server.id, two.id)
      expect(readableTool(offered.tool)).toStrictEqual(readableTool(two))
      expect(readableServer(offered.server)).toStrictEqual(readableServer(server))
      const changed = yield* servers.modify(organizationId, server.id, (current) =>
        Result.succeed({ ...current, name: "renamed", revision: 2 }),
      )
      const later = yield* tools.get(organizationId, server.id, two.id)
      expect(readableServer(later.server)).toStrictEqual(readableServer(changed))
      expect(readableTool(later.tool)).toStrictEqual(readableTool(two))
    }),
  ),

  "a replacement is computed from the present tools, and is what comes back": onNode(
    Effect.gen(function* () {
      const tools = yield* ToolStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId)
      const [one, two] = [makeTool(server, { name: "one" }), makeTool(server, { name: "two" })]
      yield* tools.replaceAll(server, append(one))
      const replacement = yield* tools.replaceAll(server, append(two))
      expect(replacement.tools.map(readableTool)).toStrictEqual([one, two].map(readableTool))
      expect(replacement.changes).toStrictEqual({ added: ["two"], updated: [], deleted: [] })
    }),
  ),

  "ids stay with their tools: through changes, moves, and an exchange of names": onNode(
    Effect.gen(function* () {
      const tools = yield* ToolStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId)
      const [one, two] = [makeTool(server, { name: "one" }), makeTool(server, { name: "two" })]
      yield* tools.replaceAll(server, replaceBy([one, two]))
      const exchanged = [
        { ...two, definition: { name: "one", description: "changed" }, updatedBy: "bob" },
        { ...one, definition: { name: "two" } },
      ]
      for (const next of [exchanged, exchanged, [...exchanged, makeTool(server, { name: "three" })]]) {
        yield* tools.replaceAll(server, replaceBy(next))
        expect((yield* tools.list(organizationId, server.id)).map(readableTool)).toStrictEqual(
          next.map(readableTool),
        )
        for (const tool of next) {
          const offered = yield* tools.get(organizationId, server.id, tool.id)
          expect(readableTool(offered.tool)).toStrictEqual(readableTool(tool))
        }
      }
      yield* tools.replaceAll(server, replaceBy([]))
      expect(yield* tools.list(organizationId, server.id)).toStrictEqual([])
      expect(yield* outcome(tools.get(organizationId, server.id, one.id))).toBe("McpToolNotFound")
      // A tool that returns may have its id back.
      yield* tools.replaceAll(server, replaceBy([one]))
      expect((yield* tools.get(organizationId, server.id, one.id)).tool.id).toBe(one.id)
    }),
  ),

  "a server that was just created has no tools": onNode(
    Effect.gen(function* () {
      const tools = yield* ToolStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId)
      expect(yield* tools.list(organizationId, server.id)).toStrictEqual([])
      yield* tools.replaceAll(server, replaceBy([]))
      expect(yield* tools.list(organizationId, server.id)).toStrictEqual([])
    }),
  ),

  "an id that is no tool's of the server is not found, whatever it is": onNode(
    Effect.gen(function* () {
      const tools = yield* ToolStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId)
      const neighbour = yield* insertServer(organizationId)
      const [tool, other] = [makeTool(server, { name: "tool" }), makeTool(neighbour, { name: "tool" })]
      yield* tools.replaceAll(server, replaceBy([tool]))
      yield* tools.replaceAll(neighbour, replaceBy([other]))
      for (const id of [other.id, server.id, ...oddIds(tool.id)]) {
        const failure = yield* Effect.flip(tools.get(organizationId, server.id, id))
        expect(failure, JSON.stringify(id)).toMatchObject({ _tag: "McpToolNotFound", id })
        expect(failure.message.length).toBeLessThan(1_000)
      }
    }),
  ),

  "tools of a server that is not there are not found, whatever its id is": onNode(
    Effect.gen(function* () {
      const tools = yield* ToolStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId)
      const tool = makeTool(server, { name: "tool" })
      yield* tools.replaceAll(server, replaceBy([tool]))
      for (const id of oddIds(server.id)) {
        expect(yield* outcome(tools.list(organizationId, id)), JSON.stringify(id)).toBe("McpServerNotFound")
        expect(yield* outcome(tools.get(organizationId, id, tool.id))).toBe("McpServerNotFound")
      }
      // Whose tools are replaced has been read before: its id is one that the store has given.
      const absent = makeServer(organizationId)
      expect(yield* outcome(tools.replaceAll(absent, replaceBy([])))).toBe("McpServerNotFound")
      expect(namesOf(yield* tools.list(organizationId, server.id))).toStrictEqual(["tool"])
    }),
  ),

  "tools that were listed by an earlier or a later config are not taken": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const tools = yield* ToolStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId, { revision: 2 })
      const kept = makeTools(server, ["kept"])
      yield* tools.replaceAll(server, replaceBy(kept))
      for (const revision of [1, 3, 0, -1]) {
        const failure = yield* Effect.flip(tools.replaceAll({ ...server, revision }, replaceBy([])))
        expect(failure).toMatchObject({ _tag: "McpServerChanged", id: server.id })
        expect(failure.message).toMatch(/Refresh/)
      }
      expect((yield* tools.list(organizationId, server.id)).map(readableTool)).toStrictEqual(
        kept.map(readableTool),
      )

      const changed = yield* servers.modify(organizationId, server.id, (current) =>
        Result.succeed({ ...current, revision: 3 }),
      )
      expect(yield* outcome(tools.replaceAll(server, replaceBy([])))).toBe("McpServerChanged")
      // Until they are listed by the new config, the earlier tools stay.
      expect(namesOf(yield* tools.list(organizationId, server.id))).toStrictEqual(["kept"])
      yield* tools.replaceAll(changed, replaceBy(makeTools(server, ["new"])))
      expect(namesOf(yield* tools.list(organizationId, server.id))).toStrictEqual(["new"])
    }),
  ),

  "tools go with their server, and don't come back with one of the same id": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const tools = yield* ToolStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId)
      const neighbour = yield* insertServer(organizationId)
      const [tool, other] = [makeTool(server, { name: "tool" }), makeTool(neighbour, { name: "tool" })]
      yield* tools.replaceAll(server, replaceBy([tool]))
      yield* tools.replaceAll(neighbour, replaceBy([other]))
      yield* servers.remove(organizationId, server.id)
      expect(yield* outcome(tools.list(organizationId, server.id))).toBe("McpServerNotFound")
      expect(yield* outcome(tools.get(organizationId, server.id, tool.id))).toBe("McpServerNotFound")
      expect(yield* outcome(tools.replaceAll(server, replaceBy([tool])))).toBe("McpServerNotFound")
      expect(namesOf(yield* tools.list(organizationId, neighbour.id))).toStrictEqual(["tool"])
      yield* servers.insert(server)
      expect(yield* tools.list(organizationId, server.id)).toStrictEqual([])
      expect(yield* outcome(tools.get(organizationId, server.id, tool.id))).toBe("McpToolNotFound")
    }),
  ),
}
