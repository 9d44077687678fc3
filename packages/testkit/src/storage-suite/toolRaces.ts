import { McpServerStore, ToolStore } from "@mooring/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { atOnce, on } from "./atOnce.ts"
import { insertServer } from "./makeServer.ts"
import { approve, approvedOf, replaceApproved } from "./approvalCases.ts"
import { append, makeTool, makeTools, namesOf, replaceBy } from "./makeTool.ts"
import type { RaceCase } from "./onNodes.ts"
import { outcome } from "./outcome.ts"
import { rounds, times } from "./times.ts"

const namesIn = (organizationId: string, serverId: string) =>
  Effect.map(
    ToolStore.use((tools) => tools.list(organizationId, serverId)),
    namesOf,
  )

const replaceAll = (...[server, replace]: Parameters<ToolStore["Service"]["replaceAll"]>) =>
  ToolStore.use((tools) => tools.replaceAll(server, replace))

/** Tools that are replaced at once, or while their server goes or changes. */
export const toolRaces: Readonly<Record<string, RaceCase>> = {
  "of many replacements each sees the result of another": Effect.fnUntraced(function* (nodes) {
    const organizationId = uniqueName("org")
    const server = yield* on(nodes, 0, insertServer(organizationId))
    const made = times(20, (index) => makeTool(server, { name: `${index}` }))
    yield* atOnce(
      nodes,
      made.map((tool) => replaceAll(server, append(tool))),
    )
    const names = yield* on(nodes, 1, namesIn(organizationId, server.id))
    expect(names.toSorted()).toStrictEqual(namesOf(made).toSorted())
  }),

  "of two replacements one holds, whole, and whoever reads meanwhile sees a whole one": Effect.fnUntraced(
    function* (nodes) {
      const organizationId = uniqueName("org")
      const server = yield* on(nodes, 0, insertServer(organizationId))
      const left = times(40, (index) => `left ${index}`)
      const right = times(60, (index) => `right ${index}`)
      const whole = [JSON.stringify(left), JSON.stringify(right)]
      yield* on(nodes, 0, replaceAll(server, replaceBy(makeTools(server, left))))
      for (const round of rounds(15)) {
        const read = Effect.map(namesIn(organizationId, server.id), (names) => [JSON.stringify(names)])
        const seen = yield* atOnce(
          nodes,
          [
            read,
            replaceAll(server, replaceBy(makeTools(server, left))).pipe(Effect.as(whole)),
            replaceAll(server, replaceBy(makeTools(server, right))).pipe(Effect.as(whole)),
            read,
            read,
            read,
          ],
          round,
        )
        for (const names of [...seen.flat(), ...(yield* on(nodes, 1, read))]) expect(whole).toContain(names)
      }
    },
  ),

  "a server that is removed while its tools are replaced leaves none": Effect.fnUntraced(function* (nodes) {
    const organizationId = uniqueName("org")
    for (const round of rounds(40)) {
      const server = yield* on(nodes, round, insertServer(organizationId))
      const made = makeTools(server, ["one", "two"])
      const remove = outcome(McpServerStore.use((servers) => servers.remove(organizationId, server.id)))
      const replace = outcome(replaceAll(server, replaceBy(made)))
      const attempts = round % 2 === 0 ? [replace, remove, replace] : [remove, replace, replace]
      const outcomes = yield* atOnce(nodes, attempts, round)
      expect(outcomes[round % 2 === 0 ? 1 : 0]).toBe("succeeded")
      for (const ended of outcomes) expect(ended).toMatch(/^(succeeded|McpServerNotFound)$/)
      const gone = namesIn(organizationId, server.id)
      expect(yield* outcome(on(nodes, round + 1, gone))).toBe("McpServerNotFound")
      // A server of the same id shows what the first one may have left behind.
      yield* on(
        nodes,
        round,
        McpServerStore.use((servers) => servers.insert(server)),
      )
      expect(yield* on(nodes, round + 1, gone)).toStrictEqual([])
      yield* on(
        nodes,
        round,
        McpServerStore.use((servers) => servers.remove(organizationId, server.id)),
      )
    }
  }),

  "tools that were listed by an earlier config never follow those of the new one": Effect.fnUntraced(
    function* (nodes) {
      const organizationId = uniqueName("org")
      for (const round of rounds(20)) {
        const server = yield* on(nodes, round, insertServer(organizationId))
        const late = outcome(replaceAll(server, replaceBy(makeTools(server, ["of the earlier config"]))))
        const change = Effect.gen(function* () {
          const changed = yield* McpServerStore.use((servers) =>
            servers.modify(organizationId, server.id, (current) =>
              Result.succeed({ ...current, revision: current.revision + 1 }),
            ),
          )
          return yield* outcome(replaceAll(changed, replaceBy(makeTools(server, ["of the new config"]))))
        })
        const outcomes = yield* atOnce(
          nodes,
          times(6, (index) => (index === round % 6 ? change : late)),
          round,
        )
        expect(outcomes[round % 6]).toBe("succeeded")
        for (const ended of outcomes) expect(ended).toMatch(/^(succeeded|McpServerChanged)$/)
        const names = yield* on(nodes, round + 1, namesIn(organizationId, server.id))
        expect(names).toStrictEqual(["of the new config"])
      }
    },
  ),

  "a caller who goes away in the middle leaves a whole list, and the store goes on": Effect.fnUntraced(
    function* (nodes) {
      const organizationId = uniqueName("org")
      const server = yield* on(nodes, 0, insertServer(organizationId))
      const left = times(200, (index) => `left ${index}`)
      const right = times(300, (index) => `right ${index}`)
      const whole = [[], left, right].map((names) => JSON.stringify(names))
      for (const round of rounds(30)) {
        const replacement = replaceBy(makeTools(server, round % 2 === 0 ? left : right))
        const leaving = replaceAll(server, replacement).pipe(
          Effect.timeoutOption(Duration.micros(BigInt(round * 300))),
        )
        yield* atOnce(nodes, [leaving, leaving, leaving], round)
        const names = yield* on(nodes, round, namesIn(organizationId, server.id))
        expect(whole).toContain(JSON.stringify(names))
      }
      yield* on(nodes, 0, replaceAll(server, replaceBy(makeTools(server, ["last"]))))
      for (const index of nodes.keys()) {
        expect(yield* on(nodes, index, namesIn(organizationId, server.id))).toStrictEqual(["last"])
      }
    },
  ),

  "of many approvals each sees the result of another, and none is of a definition that is gone":
    Effect.fnUntraced(function* (nodes) {
      const server = yield* on(nodes, 0, insertServer(uniqueName("org")))
      const made = times(8, (index) => makeTool(server, { name: `${index}` }, { needsApproval: true }))
      const change = ToolStore.use((store) =>
        store.replaceAll(server, (current) =>
          replaceBy(
            current.map((tool) =>
              tool.definition.name === "0" ? { ...tool, fingerprint: "changed", needsApproval: true } : tool,
            ),
          )(current),
        ),
      )
      for (const round of rounds(10)) {
        yield* on(nodes, round, replaceApproved(server, made, []))
        const attempts = [...made.map((tool) => outcome(approve(server, tool))), outcome(change)]
        const outcomes = yield* atOnce(nodes, round % 2 === 0 ? attempts : attempts.toReversed(), round)
        for (const ended of outcomes) expect(ended).toMatch(/^(succeeded|Changed)$/)
        const stored = yield* on(
          nodes,
          round + 1,
          ToolStore.use((store) => store.list(server.organizationId, server.id)),
        )
        expect(stored.map(({ needsApproval }) => needsApproval)).toStrictEqual(made.map((_, at) => at === 0))
        const approved = yield* on(nodes, round + 1, approvedOf(server))
        expect(approved).not.toContain("changed")
        expect(approved).toStrictEqual(
          expect.arrayContaining(made.slice(1).map(({ fingerprint }) => fingerprint)),
        )
      }
    }),
}
