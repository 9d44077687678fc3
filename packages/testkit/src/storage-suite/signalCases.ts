import { McpServerStore, ToolStore } from "@mooring/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as Scheduler from "effect/Scheduler"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { insertServer } from "./makeServer.ts"
import { makeTools, replaceBy } from "./makeTool.ts"
import { outcome } from "./outcome.ts"
import {
  about,
  changed,
  listen,
  listenReading,
  listenResumed,
  removed,
  replaced,
  serverState,
} from "./SignalLog.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"
import { rounds } from "./times.ts"

/** What a node is told of changes that it makes itself. */
export const signalCases: StorageCases = {
  "a listener is told at once whether changes are noticed, and soon that they are": onNode(
    Effect.gen(function* () {
      const log = yield* listen()
      expect(log.notes[0]?.type).toMatch(/^(interrupted|resumed)$/)
      yield* log.soon(({ type }) => type === "resumed", "`resumed`")
      // Whoever comes later is told the same.
      const later = yield* listen()
      expect(later.notes[0]).toStrictEqual({ type: "resumed" })
    }),
  ),

  "every change is told before its method returns, to every listener": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const tools = yield* ToolStore
      const organizationId = uniqueName("org")
      const logs = [yield* listenResumed(), yield* listenResumed()]
      const server = yield* insertServer(organizationId)
      const { id } = server

      yield* tools.replaceAll(server, replaceBy(makeTools(server, ["tool"])))
      for (const log of logs) expect(about(log, id)).toContainEqual(replaced(id))
      yield* servers.modify(organizationId, id, (current) =>
        Result.succeed({ ...current, name: `${id} renamed` }),
      )
      for (const log of logs) expect(about(log, id)).toContainEqual(changed(id, 1))
      yield* servers.modify(organizationId, id, (current) => Result.succeed({ ...current, revision: 2 }))
      for (const log of logs) expect(about(log, id)).toContainEqual(changed(id, 2))
      yield* servers.remove(organizationId, id)
      for (const log of logs) expect(about(log, id)).toContainEqual(removed(id))
    }),
  ),

  "who reads when told of a change reads what it has changed": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const tools = yield* ToolStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId)
      const { notes } = yield* listenReading(serverState(organizationId, server.id))
      yield* tools.replaceAll(server, replaceBy(makeTools(server, ["one", "two"])))
      expect(notes).toContain("tools_changed: revision 1, 2 tools")
      yield* servers.modify(organizationId, server.id, (current) =>
        Result.succeed({ ...current, revision: 2 }),
      )
      expect(notes).toContain("server_changed: revision 2, 2 tools")
      yield* servers.remove(organizationId, server.id)
      expect(notes).toContain("server_removed: gone")
    }),
  ),

  "what fails is not told": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const tools = yield* ToolStore
      const organizationId = uniqueName("org")
      const stranger = uniqueName("org")
      const one = yield* insertServer(organizationId)
      const two = yield* insertServer(organizationId)
      const log = yield* listenResumed()
      const foreign = { ...one, organizationId: stranger }
      const attempts = {
        refusedChange: servers.modify(organizationId, one.id, () =>
          Result.fail({ _tag: "Refused" } as const),
        ),
        takenName: servers.modify(organizationId, one.id, (current) =>
          Result.succeed({ ...current, name: two.name }),
        ),
        foreignChange: servers.modify(stranger, one.id, (current) => Result.succeed(current)),
        foreignRemoval: servers.remove(stranger, one.id),
        foreignTools: tools.replaceAll(foreign, replaceBy([])),
        changeOfNoTool: tools.modify(organizationId, one.id, one.id, (current) => Result.succeed(current)),
        earlierTools: tools.replaceAll({ ...one, revision: 0 }, replaceBy([])),
      }
      for (const [attempt, effect] of Object.entries(attempts)) {
        expect(yield* outcome(effect), attempt).not.toBe("succeeded")
        expect(about(log, one.id), attempt).toStrictEqual([])
      }
      // What is told late has had its chance when another change has been told.
      yield* servers.remove(organizationId, two.id)
      expect(about(log, two.id)).toContainEqual(removed(two.id))
      expect(about(log, one.id)).toStrictEqual([])
    }),
  ),

  "a change is told although its caller has gone away": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const log = yield* listenResumed()
      for (const round of rounds(60)) {
        const { id } = yield* insertServer(organizationId)
        const change = servers
          .modify(organizationId, id, (current) => Result.succeed({ ...current, revision: 2 }))
          .pipe(Effect.provideService(Scheduler.MaxOpsBeforeYield, 4 + (round % 11)))
        // Some go after a few steps, for what is done in the process, some after a while, for what a database does.
        const fiber = yield* Effect.forkChild(change)
        if (round < 30) yield* Effect.repeat(Effect.yieldNow, { times: Math.floor(round / 3) })
        else yield* Effect.timeoutOption(Fiber.await(fiber), Duration.micros(BigInt((round - 30) * 100)))
        yield* Fiber.interrupt(fiber)
      }
      for (const { id, revision } of yield* servers.list(organizationId, {})) {
        if (revision === 2)
          yield* log.soon((signal) => Equal.equals(signal, changed(id, 2)), `the change of ${id}`)
      }
    }),
  ),

  "a listener hears nothing after its scope has ended, and others go on": onNode(
    Effect.gen(function* () {
      const tools = yield* ToolStore
      const server = yield* insertServer(uniqueName("org"))
      const staying = yield* listenResumed()
      const leaving = yield* Effect.scoped(listenResumed())
      const before = leaving.notes.length
      yield* tools.replaceAll(server, replaceBy([]))
      expect(about(staying, server.id)).toContainEqual(replaced(server.id))
      expect(leaving.notes).toHaveLength(before)
    }),
  ),
}
