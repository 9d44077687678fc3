import { type AuditAct, AuditStore, McpServerId, McpServerStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { appendRecords, makeAuditRecord, ranAct, readableRecord, recordsOf } from "./makeAuditRecord.ts"
import { insertServer, makeServer } from "./makeServer.ts"
import { oddIds, oddSecrets } from "./oddTexts.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"
import { times } from "./times.ts"

const oddText = Object.values(oddSecrets).join("\n")
const tools = { count: 10_000, names: [oddText, "__proto__", ""] }

const everyAct: ReadonlyArray<AuditAct> = [
  { action: "registered", name: oddText },
  { action: "changed", name: "", parts: ["name", "endpoint", "credentials"] },
  { action: "deleted" },
  { action: "deleted", name: "gone" },
  { action: "connected", outcome: "authorization_required" },
  { action: "signed_out" },
  { action: "tools_changed", added: tools, updated: { count: 0, names: [] }, deleted: tools },
  { action: "approved", tool: oddText, fingerprint: "0".repeat(64) },
  ranAct(oddText),
]

/** Who did what to servers, when. */
export const auditCases: StorageCases = {
  "records of every kind come back as they were, the newest first": onNode(
    Effect.gen(function* () {
      const server = yield* insertServer(uniqueName("org"))
      const users = ["alice", "Zoë 👩‍👩‍👧‍👦", "o'brien@example.com", "u".repeat(255)]
      const records = everyAct.map((act, index) =>
        makeAuditRecord(server, index, act, { userId: users[index % users.length] ?? "" }),
      )
      // In whatever order they are told: a run is told of later than it happened.
      yield* appendRecords([...records.slice(4), ...records.slice(0, 2)])
      yield* appendRecords(records.slice(2, 4))
      expect(yield* recordsOf(server)).toStrictEqual(records.toReversed().map(readableRecord))
    }),
  ),

  "of the same time, the one that was added last comes first": onNode(
    Effect.gen(function* () {
      const server = yield* insertServer(uniqueName("org"))
      const records = times(6, (index) =>
        makeAuditRecord(server, 0, index % 2 === 0 ? ranAct(`${index}`) : undefined),
      )
      yield* appendRecords(records.slice(0, 4))
      yield* appendRecords(records.slice(4))
      expect(yield* recordsOf(server)).toStrictEqual(records.toReversed().map(readableRecord))
    }),
  ),

  "pages follow one another, and an unknown record begins none": onNode(
    Effect.gen(function* () {
      const audit = yield* AuditStore
      const server = yield* insertServer(uniqueName("org"))
      const neighbour = yield* insertServer(server.organizationId)
      // Pairs of the same time, so that a page ends between two of them.
      const records = times(7, (index) => makeAuditRecord(server, Math.floor(index / 2)))
      const other = makeAuditRecord(neighbour, 9)
      yield* appendRecords([...records, other])
      const page = (limit: number, before?: string) =>
        Effect.map(audit.list(server.organizationId, server.id, { limit, before }), (found) =>
          found.map(({ id }) => id),
        )
      const newest = records.toReversed().map(({ id }) => id)
      for (const limit of [1, 2, 3, 7, 100]) {
        const all: Array<string> = []
        for (let ids = yield* page(limit); ids.length > 0; ids = yield* page(limit, all.at(-1))) {
          expect(ids.length).toBeLessThanOrEqual(limit)
          all.push(...ids)
          expect(all.length).toBeLessThanOrEqual(records.length)
        }
        expect(all).toStrictEqual(newest)
      }
      const [known = ""] = newest
      for (const before of [other.id, server.id, ...oddIds(known)]) {
        expect(yield* page(10, before), JSON.stringify(before)).toStrictEqual([])
      }
    }),
  ),

  "a record that is added again is there once": onNode(
    Effect.gen(function* () {
      const server = yield* insertServer(uniqueName("org"))
      const records = times(4, (index) => makeAuditRecord(server, index, index > 1 ? ranAct("t") : undefined))
      yield* appendRecords(records.slice(0, 3))
      yield* appendRecords(records)
      yield* appendRecords(records.slice(0, 1))
      yield* appendRecords([])
      expect(yield* recordsOf(server)).toStrictEqual(records.toReversed().map(readableRecord))
    }),
  ),

  "the newest runs of a server are kept, and as many other acts, whatever happens to others": onNode(
    Effect.gen(function* () {
      const server = yield* insertServer(uniqueName("org"))
      const neighbour = yield* insertServer(server.organizationId)
      const beside = makeAuditRecord(neighbour, 0)
      const acts = times(5, (index) => makeAuditRecord(server, index))
      const runs = times(9, (index) => makeAuditRecord(server, 10 + index, ranAct("tool")))
      yield* appendRecords([beside, ...acts.slice(0, 2)], 3)
      yield* appendRecords([...acts.slice(2), ...runs], 3)
      const kept = [...acts.slice(-3), ...runs.slice(-3)]
      expect(yield* recordsOf(server)).toStrictEqual(kept.toReversed().map(readableRecord))
      // No number of runs pushes out who has approved something.
      for (const run of times(20, (index) => makeAuditRecord(server, 100 + index, ranAct("tool")))) {
        yield* appendRecords([run], 3)
      }
      const after = yield* recordsOf(server)
      expect(after.filter(({ act }) => act.action !== "ran")).toStrictEqual(
        acts.slice(-3).toReversed().map(readableRecord),
      )
      expect(after).toHaveLength(6)
      expect(yield* recordsOf(neighbour)).toStrictEqual([readableRecord(beside)])
    }),
  ),

  "records stay when their server goes, but not of any number of servers": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const staying = yield* insertServer(organizationId)
      const kept = makeAuditRecord(staying, 0)
      yield* appendRecords([kept], 6)
      const gone = []
      for (const round of times(4, (index) => index)) {
        const server = yield* insertServer(organizationId)
        yield* appendRecords(
          times(4, (index) => makeAuditRecord(server, index, index % 2 === 0 ? ranAct("t") : undefined)),
          6,
        )
        yield* servers.remove(organizationId, server.id)
        yield* appendRecords([makeAuditRecord(server, 100 + round, { action: "deleted" })], 6)
        expect((yield* recordsOf(server))[0]).toMatchObject({ act: { action: "deleted" } })
        gone.push(server)
      }
      const all = (yield* Effect.forEach(gone, recordsOf)).flat()
      const runs = all.filter(({ act }) => act.action === "ran")
      expect([runs.length, all.length - runs.length]).toStrictEqual([6, 6])
      // The oldest have gone.
      const [first, , , last] = gone
      if (first !== undefined && last !== undefined) {
        expect(yield* recordsOf(first)).toStrictEqual([])
        expect(yield* recordsOf(last)).toHaveLength(5)
      }
      expect(yield* recordsOf(staying)).toStrictEqual([readableRecord(kept)])
    }),
  ),

  "a run that is told of after its server has gone is kept with those of others": onNode(
    Effect.gen(function* () {
      const organizationId = uniqueName("org")
      const late = times(5, (index) => makeAuditRecord(makeServer(organizationId), index, ranAct("late")))
      for (const record of late) yield* appendRecords([record], 2)
      const found = yield* Effect.forEach(late, ({ serverId }) =>
        recordsOf({ id: McpServerId.make(serverId), organizationId }),
      )
      expect(found.map(({ length }) => length)).toStrictEqual([0, 0, 0, 1, 1])
    }),
  ),

  "nothing crosses an organization": onNode(
    Effect.gen(function* () {
      const audit = yield* AuditStore
      const server = yield* insertServer(uniqueName("org"))
      const stranger = uniqueName("org")
      const record = makeAuditRecord(server, 0)
      const forged = makeAuditRecord({ id: server.id, organizationId: stranger }, 1)
      yield* appendRecords([record])
      yield* appendRecords([forged], 1)
      expect(yield* recordsOf(server)).toStrictEqual([readableRecord(record)])
      const seen = yield* audit.list(stranger, server.id, { limit: 10 })
      expect(seen.map(readableRecord)).toStrictEqual([readableRecord(forged)])
      for (const before of [record.id, forged.id]) {
        expect(yield* audit.list(stranger, server.id, { limit: 10, before })).toStrictEqual([])
      }
      for (const id of oddIds(server.id)) {
        const found = yield* audit.list(server.organizationId, id, { limit: 10 })
        expect(found, JSON.stringify(id)).toStrictEqual([])
      }
    }),
  ),

  "a thousand records of a hundred servers are added at once": onNode(
    Effect.gen(function* () {
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId)
      const ids = times(100, () => makeServer(organizationId).id)
      const records = times(1_000, (index) =>
        makeAuditRecord(
          { organizationId, id: McpServerId.make(index % 10 === 0 ? server.id : (ids[index % 100] ?? "")) },
          index,
          ranAct("tool"),
        ),
      )
      yield* appendRecords(records)
      expect(yield* recordsOf(server)).toHaveLength(100)
    }),
  ),
}
