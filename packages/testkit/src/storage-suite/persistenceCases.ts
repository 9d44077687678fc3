import { McpServerStore, ToolStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { insertServer } from "./makeServer.ts"
import { makeTools, replaceBy } from "./makeTool.ts"
import { onNewNode } from "./onNewNode.ts"
import { outcome } from "./outcome.ts"
import { readableServer, readableTool } from "./readable.ts"
import type { StorageCases } from "./SuiteStorage.ts"

/** What a node has acknowledged outlives it. No two nodes are open at once. */
export const persistenceCases: StorageCases = {
  "what a node was told to keep is there for the next one": (storage) =>
    Effect.gen(function* () {
      const organizationId = uniqueName("org")
      const write = Effect.gen(function* () {
        const servers = yield* McpServerStore
        const removed = yield* insertServer(organizationId)
        const inserted = yield* insertServer(organizationId, {
          config: {
            type: "stdio",
            command: "mcp",
            args: ["x"],
            env: { TOKEN: Redacted.make("before\ud83d") },
          },
        })
        const changing = yield* insertServer(organizationId)
        const changed = yield* servers.modify(organizationId, changing.id, (current) =>
          Result.succeed({
            ...current,
            name: "renamed",
            revision: 2,
            config: {
              type: "sse",
              serverUrl: "https://mcp.example/sse",
              authHeader: null,
              authToken: Redacted.make("token"),
              customHeaders: { "X-Tenant": Redacted.make("tenant") },
              oauth: null,
            },
          }),
        )
        const made = makeTools(changed, ["m", "z", "a"])
        yield* ToolStore.use((tools) => tools.replaceAll(changed, replaceBy(made)))
        yield* servers.remove(organizationId, removed.id)
        return { removed, expected: [inserted, changed], changed, made }
      })
      const { changed, expected, made, removed } = yield* onNewNode(storage, write)
      const goOn = Effect.gen(function* () {
        const servers = yield* McpServerStore
        const tools = yield* ToolStore
        expect((yield* servers.list(organizationId, {})).map(readableServer)).toStrictEqual(
          expected.map(readableServer),
        )
        expect((yield* tools.list(organizationId, changed.id)).map(readableTool)).toStrictEqual(
          made.map(readableTool),
        )
        expect(yield* outcome(servers.get(organizationId, removed.id))).toBe("McpServerNotFound")
        expect(yield* outcome(insertServer(organizationId, { name: "renamed" }))).toBe("McpServerNameTaken")
        return yield* insertServer(organizationId)
      })
      const last = yield* onNewNode(storage, goOn)
      // What a later node creates comes behind what earlier ones did.
      const listed = yield* onNewNode(
        storage,
        McpServerStore.use((servers) => servers.list(organizationId, {})),
      )
      expect(listed.map(({ id }) => id)).toStrictEqual([...expected, last].map(({ id }) => id))
    }),
}
