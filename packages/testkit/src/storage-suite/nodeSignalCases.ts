import { McpServerStore, type Stores, ToolStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { insertServer } from "./makeServer.ts"
import { makeTools, replaceBy } from "./makeTool.ts"
import { onPairs, untilTold } from "./onPairs.ts"
import { outcome } from "./outcome.ts"
import { about, changed, listenReading, listenResumed, removed, replaced, serverState } from "./SignalLog.ts"
import type { StorageCases } from "./SuiteStorage.ts"

const setRevision = (organizationId: string, id: string, revision: number) =>
  McpServerStore.use((servers) =>
    servers.modify(organizationId, id, (current) => Result.succeed({ ...current, revision })),
  )

const remove = (organizationId: string, id: string) =>
  McpServerStore.use((servers) => servers.remove(organizationId, id))

/** What a node is told of changes that another one makes. */
export const nodeSignalCases: StorageCases = {
  "every change is told to the other node": onPairs((making, hearing) =>
    Effect.gen(function* () {
      const log = yield* Effect.provide(listenResumed(), hearing)
      const organizationId = uniqueName("org")
      const server = yield* Effect.provide(insertServer(organizationId), making)
      const { id } = server
      const replace = ToolStore.use((tools) =>
        tools.replaceAll(server, replaceBy(makeTools(server, ["tool"]))),
      )
      const rename = McpServerStore.use((servers) =>
        servers.modify(organizationId, id, (current) => Result.succeed({ ...current, name: "renamed" })),
      )
      yield* untilTold(log, making, replace, replaced(id))
      yield* untilTold(log, making, rename, changed(id, 1))
      yield* untilTold(log, making, setRevision(organizationId, id, 2), changed(id, 2))
      yield* untilTold(log, making, remove(organizationId, id), removed(id))
    }),
  ),

  "who reads when told of a change reads what it has changed": onPairs((making, hearing) =>
    Effect.gen(function* () {
      const organizationId = uniqueName("org")
      const server = yield* Effect.provide(insertServer(organizationId), making)
      const log = yield* Effect.provide(listenReading(serverState(organizationId, server.id)), hearing)
      const two = makeTools(server, ["one", "two"])
      const steps: ReadonlyArray<readonly [change: Effect.Effect<unknown, unknown, Stores>, state: string]> =
        [
          [ToolStore.use((tools) => tools.replaceAll(server, replaceBy(two))), "revision 1, 2 tools"],
          [setRevision(organizationId, server.id, 2), "revision 2, 2 tools"],
          [remove(organizationId, server.id), "gone"],
        ]
      for (const [change, state] of steps) {
        yield* Effect.provide(change, making)
        yield* log.soon((note) => note.endsWith(`: ${state}`), state)
      }
    }),
  ),

  "what fails is not told to the other node": onPairs((making, hearing) =>
    Effect.gen(function* () {
      const organizationId = uniqueName("org")
      const log = yield* Effect.provide(listenResumed(), hearing)
      const attempts = Effect.gen(function* () {
        const one = yield* insertServer(organizationId)
        const two = yield* insertServer(organizationId)
        const taken = McpServerStore.use((servers) =>
          servers.modify(organizationId, one.id, (current) =>
            Result.succeed({ ...current, name: two.name, revision: 2 }),
          ),
        )
        expect(yield* outcome(taken)).toBe("McpServerNameTaken")
        const late = ToolStore.use((tools) => tools.replaceAll({ ...one, revision: 0 }, replaceBy([])))
        expect(yield* outcome(late)).toBe("McpServerChanged")
        return { one, two }
      })
      const { one, two } = yield* Effect.provide(attempts, making)
      // What comes behind it is heard.
      yield* untilTold(log, making, remove(organizationId, two.id), removed(two.id))
      expect(about(log, one.id)).toStrictEqual([])
    }),
  ),

  "a listener hears nothing after its scope has ended": onPairs((making, hearing) =>
    Effect.gen(function* () {
      const staying = yield* Effect.provide(listenResumed(), hearing)
      const leaving = yield* Effect.provide(Effect.scoped(listenResumed()), hearing)
      const before = leaving.notes.length
      const server = yield* Effect.provide(insertServer(uniqueName("org")), making)
      const replace = ToolStore.use((tools) => tools.replaceAll(server, replaceBy([])))
      yield* untilTold(staying, making, replace, replaced(server.id))
      expect(leaving.notes).toHaveLength(before)
    }),
  ),
}
