import { McpServerStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { atOnce, on } from "./atOnce.ts"
import { insertServer, makeServer, stdioConfig } from "./makeServer.ts"
import type { RaceCase } from "./onNodes.ts"
import { outcome } from "./outcome.ts"
import { rounds, times } from "./times.ts"

const listOf = (organizationId: string) => McpServerStore.use((servers) => servers.list(organizationId, {}))

const rename = (organizationId: string, id: string, name: string) =>
  McpServerStore.use((servers) =>
    servers.modify(organizationId, id, (current) => Result.succeed({ ...current, name })),
  )

/** Servers that are created, changed and removed at once. */
export const serverRaces: Readonly<Record<string, RaceCase>> = {
  "of many inserts of one name one succeeds": Effect.fnUntraced(function* (nodes) {
    const organizationId = uniqueName("org")
    const candidates = times(20, () => makeServer(organizationId, { name: "raced" }))
    const outcomes = yield* atOnce(
      nodes,
      candidates.map((server) => outcome(McpServerStore.use((servers) => servers.insert(server)))),
    )
    expect(outcomes.toSorted()).toStrictEqual([...times(19, () => "McpServerNameTaken"), "succeeded"])
    const winner = candidates[outcomes.indexOf("succeeded")]
    for (const index of nodes.keys()) {
      const listed = yield* on(nodes, index, listOf(organizationId))
      expect(listed.map(({ id }) => id)).toStrictEqual([winner?.id])
    }
  }),

  "many inserts of many names all succeed, and pages show each of them once": Effect.fnUntraced(
    function* (nodes) {
      const organizationId = uniqueName("org")
      const inserted = yield* atOnce(
        nodes,
        times(50, () => insertServer(organizationId)),
      )
      const paged: Array<string> = []
      for (const _ of rounds(8)) {
        const page = McpServerStore.use((servers) =>
          servers.list(organizationId, { limit: 7, after: paged.at(-1) }),
        )
        for (const { id } of yield* on(nodes, 0, page)) paged.push(id)
      }
      expect(paged.toSorted()).toStrictEqual(inserted.map(({ id }) => id).toSorted())
      const listed = yield* on(nodes, 1, listOf(organizationId))
      expect(listed.map(({ id }) => id)).toStrictEqual(paged)
    },
  ),

  "of many changes none is lost, and each sees the result of another": Effect.fnUntraced(function* (nodes) {
    const organizationId = uniqueName("org")
    const { id } = yield* on(nodes, 0, insertServer(organizationId))
    const changed = yield* atOnce(
      nodes,
      times(50, (index) =>
        McpServerStore.use((servers) =>
          servers.modify(organizationId, id, (current) => {
            const args = current.config.type === "stdio" ? current.config.args : []
            return Result.succeed({
              ...current,
              revision: current.revision + 1,
              config: stdioConfig([...args, `${index}`]),
            })
          }),
        ),
      ),
    )
    expect(changed.map(({ revision }) => revision).toSorted((one, other) => one - other)).toStrictEqual(
      times(50, (index) => index + 2),
    )
    const [stored] = yield* on(nodes, 1, listOf(organizationId))
    expect(stored?.revision).toBe(51)
    const args = stored?.config.type === "stdio" ? stored.config.args : []
    expect(args.toSorted()).toStrictEqual(times(50, (index) => `${index}`).toSorted())
  }),

  "of many servers one gets a name that is free": Effect.fnUntraced(function* (nodes) {
    const organizationId = uniqueName("org")
    const before = yield* atOnce(
      nodes,
      times(10, () => insertServer(organizationId)),
    )
    const newcomers = times(10, () => makeServer(organizationId, { name: "wanted" }))
    const outcomes = yield* atOnce(nodes, [
      ...before.map(({ id }) => outcome(rename(organizationId, id, "wanted"))),
      ...newcomers.map((server) => outcome(McpServerStore.use((servers) => servers.insert(server)))),
    ])
    expect(outcomes.toSorted()).toStrictEqual([...times(19, () => "McpServerNameTaken"), "succeeded"])
    const winner = [...before, ...newcomers][outcomes.indexOf("succeeded")]
    const listed = yield* on(nodes, 1, listOf(organizationId))
    expect(listed.filter(({ name }) => name === "wanted").map(({ id }) => id)).toStrictEqual([winner?.id])
    for (const { id, name } of before) {
      if (id !== winner?.id) expect(listed.find((server) => server.id === id)?.name).toBe(name)
    }
  }),

  "names that are exchanged at once never become one": Effect.fnUntraced(function* (nodes) {
    const organizationId = uniqueName("org")
    const one = yield* on(nodes, 0, insertServer(organizationId, { name: "one" }))
    const two = yield* on(nodes, 0, insertServer(organizationId, { name: "two" }))
    for (const round of rounds(40)) {
      const outcomes = yield* atOnce(
        nodes,
        [
          outcome(rename(organizationId, one.id, "two")),
          outcome(rename(organizationId, two.id, "one")),
          outcome(rename(organizationId, one.id, "three")),
          outcome(rename(organizationId, two.id, "three")),
        ],
        round,
      )
      for (const ended of outcomes) expect(ended).toMatch(/^(succeeded|McpServerNameTaken)$/)
      const listed = yield* on(nodes, 1, listOf(organizationId))
      expect(new Set(listed.map(({ name }) => name)).size).toBe(2)
      // Back to the start, by names that are free whatever happened.
      for (const [id, name] of [
        [one.id, "aside"],
        [two.id, "two"],
        [one.id, "one"],
      ] as const) {
        yield* on(nodes, 0, rename(organizationId, id, name))
      }
    }
  }),

  "a server that is removed while it is changed is gone": Effect.fnUntraced(function* (nodes) {
    const organizationId = uniqueName("org")
    for (const round of rounds(30)) {
      const server = yield* on(nodes, round, insertServer(organizationId, { name: "raced" }))
      const attempts = [
        outcome(rename(organizationId, server.id, "renamed")),
        outcome(McpServerStore.use((servers) => servers.remove(organizationId, server.id))),
        outcome(McpServerStore.use((servers) => servers.remove(organizationId, server.id))),
        outcome(rename(organizationId, server.id, "renamed twice")),
      ]
      const [renamed, removed, removedToo, renamedToo] = yield* atOnce(nodes, attempts, round)
      expect([removed, removedToo].toSorted()).toStrictEqual(["McpServerNotFound", "succeeded"])
      for (const ended of [renamed, renamedToo]) expect(ended).toMatch(/^(succeeded|McpServerNotFound)$/)
      expect(yield* on(nodes, round + 1, listOf(organizationId))).toStrictEqual([])
    }
  }),
}
