import { expect, layer } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { layerMemoryStores, McpServerStore, type McpServer, ToolStore } from "../../src/index.ts"
import { makeMcpServerId } from "../../src/servers/McpServer.ts"
import { replaceTools } from "../../src/tools/replaceTools.ts"

const server = (name: string): McpServer => ({
  id: makeMcpServerId(),
  organizationId: "org",
  name,
  config: { type: "stdio", command: "x", args: [], env: null },
  revision: 2,
  createdBy: "alice",
  updatedBy: "alice",
  createdAt: DateTime.makeUnsafe(0),
  updatedAt: DateTime.makeUnsafe(0),
})
const listing = ({ id }: McpServer) =>
  replaceTools({
    serverId: id,
    listed: [{ name: "tool" }],
    userId: "alice",
    limits: { maxSchemaDepth: 8, maxSchemaNodes: 8 },
  })

layer(layerMemoryStores)("the memory store of tools", (it) => {
  it.effect("takes no tools that were listed by an earlier config", () =>
    Effect.gen(function* () {
      const tools = yield* ToolStore
      const stored = server("changed")
      yield* (yield* McpServerStore).insert(stored)
      const failure = yield* Effect.flip(tools.replaceAll({ ...stored, revision: 1 }, listing(stored)))
      expect(failure._tag).toBe("McpServerChanged")
      expect(yield* tools.list("org", stored.id)).toStrictEqual([])
      yield* tools.replaceAll(stored, listing(stored))
      expect(yield* tools.list("org", stored.id)).toHaveLength(1)
    }),
  )

  it.effect("holds no tools of a server that is gone, or of another organization's", () =>
    Effect.gen(function* () {
      const tools = yield* ToolStore
      const servers = yield* McpServerStore
      const stored = server("removed")
      yield* servers.insert(stored)
      yield* tools.replaceAll(stored, listing(stored))
      const foreign = yield* Effect.flip(
        tools.replaceAll({ ...stored, organizationId: "other" }, listing(stored)),
      )
      expect(foreign._tag).toBe("McpServerNotFound")
      yield* servers.remove("org", stored.id)
      const gone = yield* Effect.flip(tools.replaceAll(stored, listing(stored)))
      expect(gone._tag).toBe("McpServerNotFound")
      yield* servers.insert(stored)
      expect(yield* tools.list("org", stored.id)).toStrictEqual([])
    }),
  )
})
