import { type McpServer, McpServerStore } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { insertServer } from "./makeServer.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"

const idsOf = (servers: ReadonlyArray<McpServer>) => servers.map(({ id }) => id)

/** Lists of servers: their order, and their pages. */
export const listCases: StorageCases = {
  "a list is in order of creation, whatever names, ids and clocks say": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const expected: Array<string> = []
      // The ids are random. Nodes have clocks of their own, and a page must not shift by what one of them says.
      for (const [name, millis] of [
        ["m", 3],
        ["z", 3],
        ["a", 2],
        ["Z", 9],
        ["é", 1],
        ["b", 3],
        ["10", 3],
        ["9", 0],
      ] as const) {
        const at = DateTime.makeUnsafe(1_700_000_000_000 + millis)
        const { id } = yield* insertServer(organizationId, { name, createdAt: at, updatedAt: at })
        expected.push(id)
      }
      expect(idsOf(yield* servers.list(organizationId, {}))).toStrictEqual(expected)
    }),
  ),

  "a changed server keeps its place, one that was removed and inserted again comes last": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const one = yield* insertServer(organizationId)
      const two = yield* insertServer(organizationId)
      const three = yield* insertServer(organizationId)
      yield* servers.modify(organizationId, two.id, (current) =>
        Result.succeed({
          ...current,
          name: "renamed",
          revision: 2,
          updatedAt: DateTime.makeUnsafe(1_800_000_000_000),
        }),
      )
      expect(idsOf(yield* servers.list(organizationId, {}))).toStrictEqual([one.id, two.id, three.id])
      yield* servers.remove(organizationId, one.id)
      yield* servers.insert(one)
      expect(idsOf(yield* servers.list(organizationId, {}))).toStrictEqual([two.id, three.id, one.id])
    }),
  ),

  "pages of every size add up to the list": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const expected: Array<string> = []
      for (let index = 0; index < 25; index += 1) {
        expected.push((yield* insertServer(organizationId)).id)
        // Others' servers come in between.
        if (index % 3 === 0) yield* insertServer(`${organizationId}-other`)
      }
      for (const limit of [1, 5, 7, 24, 25, 26, 1_000]) {
        const paged: Array<string> = []
        let page = yield* servers.list(organizationId, { limit })
        while (page.length > 0) {
          expect(page.length).toBe(Math.min(limit, 25 - paged.length))
          paged.push(...idsOf(page))
          page = yield* servers.list(organizationId, { limit, after: paged.at(-1) })
        }
        expect(paged, `pages of ${limit}`).toStrictEqual(expected)
      }
      expect(idsOf(yield* servers.list(organizationId, { after: expected[19] }))).toStrictEqual(
        expected.slice(20),
      )
      expect(
        idsOf(yield* servers.list(organizationId, { limit: undefined, after: undefined })),
      ).toStrictEqual(expected)
    }),
  ),

  "a page of at most none is empty": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId)
      yield* insertServer(organizationId)
      expect(yield* servers.list(organizationId, { limit: 0 })).toStrictEqual([])
      expect(yield* servers.list(organizationId, { limit: 0, after: server.id })).toStrictEqual([])
    }),
  ),

  "a page behind a server that is not there is empty": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const removed = yield* insertServer(organizationId)
      const foreign = yield* insertServer(`${organizationId}-other`)
      yield* insertServer(organizationId)
      yield* servers.remove(organizationId, removed.id)
      const unknown = "mcp_server-00000000-0000-4000-8000-000000000000"
      for (const after of [removed.id, foreign.id, unknown, ""]) {
        expect(yield* servers.list(organizationId, { after }), after).toStrictEqual([])
        expect(yield* servers.list(organizationId, { limit: 5, after }), after).toStrictEqual([])
      }
    }),
  ),

  "an organization without servers has an empty list": onNode(
    Effect.gen(function* () {
      expect(yield* McpServerStore.use((servers) => servers.list(uniqueName("org"), {}))).toStrictEqual([])
    }),
  ),
}
