import { McpServerStore, ToolStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { insertServer, makeServer } from "./makeServer.ts"
import { makeTool, replaceBy } from "./makeTool.ts"
import { outcome } from "./outcome.ts"
import { quietly } from "./quietly.ts"
import { readableServer, readableTool } from "./readable.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"

/** A server with a tool, and a check that both are as they were. */
const victim = Effect.fnUntraced(function* (organizationId: string) {
  const servers = yield* McpServerStore
  const tools = yield* ToolStore
  const server = yield* insertServer(organizationId, {
    config: { type: "stdio", command: "mcp", args: [], env: { TOKEN: Redacted.make("token") } },
  })
  const tool = makeTool(server, { name: "tool" })
  yield* tools.replaceAll(server, replaceBy([tool]))
  const isUntouched = Effect.gen(function* () {
    const expected = readableServer(server)
    expect((yield* servers.list(organizationId, {})).map(readableServer)).toStrictEqual([expected])
    expect(readableServer(yield* servers.get(organizationId, server.id))).toStrictEqual(expected)
    expect((yield* tools.list(organizationId, server.id)).map(readableTool)).toStrictEqual([
      readableTool(tool),
    ])
  })
  return { server, tool, isUntouched }
})

/** Nothing crosses an organization. */
export const tenancyCases: StorageCases = {
  "another organization's server looks as if it were not there, to every method": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const tools = yield* ToolStore
      const stranger = uniqueName("org")
      const { isUntouched, server, tool } = yield* victim(uniqueName("org"))
      const change = () => expect.unreachable("Another organization's server was handed to a change")
      const attempts = {
        get: servers.get(stranger, server.id),
        modify: servers.modify<never>(stranger, server.id, change),
        remove: servers.remove(stranger, server.id),
        listTools: tools.list(stranger, server.id),
        getTool: tools.get(stranger, server.id, tool.id),
        replaceAll: tools.replaceAll({ ...server, organizationId: stranger }, change),
        replaceAllOfAnotherRevision: tools.replaceAll(
          { ...server, organizationId: stranger, revision: 7 },
          change,
        ),
        modifyTool: tools.modify<never>(stranger, server.id, tool.id, change),
      }
      for (const [method, attempt] of Object.entries(attempts)) {
        expect(yield* outcome(attempt), method).toBe("McpServerNotFound")
      }
      expect(yield* servers.list(stranger, {})).toStrictEqual([])
      expect(yield* servers.list(stranger, { after: server.id })).toStrictEqual([])
      yield* isUntouched
    }),
  ),

  "another organization's tool is no tool of one's own server": onNode(
    Effect.gen(function* () {
      const tools = yield* ToolStore
      const { isUntouched, tool } = yield* victim(uniqueName("org"))
      const own = uniqueName("org")
      const server = yield* insertServer(own)
      expect(yield* outcome(tools.get(own, server.id, tool.id))).toBe("McpToolNotFound")
      const change = () => expect.unreachable("Another organization's tool was handed to a change")
      expect(yield* outcome(tools.modify<never>(own, server.id, tool.id, change))).toBe("McpToolNotFound")
      yield* isUntouched
    }),
  ),

  "an id that another organization uses is not taken over": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const { isUntouched, server } = yield* victim(uniqueName("org"))
      const stranger = uniqueName("org")
      // It cannot be stored, and `McpServerNameTaken` would be a lie.
      const insertion = quietly(servers.insert(makeServer(stranger, { id: server.id })))
      expect(yield* outcome(insertion)).not.toMatch(/^(succeeded|McpServerNameTaken)$/)
      expect(yield* servers.list(stranger, {})).toStrictEqual([])
      yield* isUntouched
    }),
  ),

  "removing one's own server leaves those of others, of the same name too": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const { isUntouched, server } = yield* victim(uniqueName("org"))
      const own = uniqueName("org")
      const { id } = yield* insertServer(own, { name: server.name })
      yield* servers.remove(own, id)
      yield* isUntouched
    }),
  ),
}
