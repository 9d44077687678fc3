import * as DateTime from "effect/DateTime"
import { expect, test } from "vitest"
import { AuditQueue } from "../../src/audit/AuditQueue.ts"
import type { AuditRecord } from "../../src/audit/AuditRecord.ts"

const alice = { organizationId: "acme", userId: "alice" }
const tool = { id: "tool-1", definition: { name: "echo" } }
const form = ({ act, at, userId }: AuditRecord) =>
  act.action === "ran"
    ? [userId, act.tool, act.outcome, act.runs, DateTime.toEpochMillis(act.since), DateTime.toEpochMillis(at)]
    : [userId, act.action, DateTime.toEpochMillis(at)]

test("runs of one tool by one user that end alike are one record, others their own", () => {
  const queue = new AuditQueue()
  queue.ran(alice, "server", tool, "success", 1)
  queue.ran(alice, "server", tool, "error", 2)
  queue.act(alice, "server", { action: "signed_out" }, 3)
  queue.ran({ ...alice, userId: "bob" }, "server", tool, "success", 4)
  queue.ran(alice, "server", { id: "tool-2", definition: { name: "echo" } }, "success", 5)
  queue.ran({ ...alice, organizationId: "other" }, "server", tool, "success", 6)
  for (let at = 7; at < 107; at += 1) queue.ran(alice, "server", tool, "success", at)
  const records = queue.take(100)
  expect(records.map(form)).toStrictEqual([
    ["alice", "echo", "success", 101, 1, 106],
    ["alice", "echo", "error", 1, 2, 2],
    ["alice", "signed_out", 3],
    ["bob", "echo", "success", 1, 4, 4],
    ["alice", "echo", "success", 1, 5, 5],
    ["alice", "echo", "success", 1, 6, 6],
  ])
  expect(new Set(records.map(({ id }) => id)).size).toBe(6)
})

test("what is taken is taken again, the same, until it is stored", () => {
  const queue = new AuditQueue()
  for (const user of ["a", "b", "c"]) queue.ran({ ...alice, userId: user }, "server", tool, "success", 1)
  const taken = queue.take(2)
  queue.ran({ ...alice, userId: "a" }, "server", tool, "success", 2)
  expect(queue.take(2)).toStrictEqual(taken)
  queue.stored()
  expect(queue.take(2).map(({ userId }) => userId)).toStrictEqual(["c", "a"])
  queue.stored()
  expect(queue.take(2)).toStrictEqual([])
})

test("no more waits than there is room for, and no number of runs hides an act", () => {
  const queue = new AuditQueue()
  for (let user = 0; user < 10_005; user += 1)
    queue.ran({ ...alice, userId: `${user}` }, "server", tool, "success", 1)
  expect(queue.takeLost()).toBe(5)
  expect(queue.takeLost()).toBe(0)
  for (let at = 0; at < 10_003; at += 1) queue.act(alice, "server", { action: "signed_out" }, at)
  expect(queue.takeLost()).toBe(3)
  queue.ran({ ...alice, userId: "0" }, "server", tool, "success", 2)
  expect(queue.takeLost()).toBe(0)
  queue.take(10)
  expect(queue.giveUp()).toBe(20_000)
  expect(queue.take(10)).toStrictEqual([])
})

test("how many there are to store: what was taken counts until it is stored, and what comes meanwhile too", () => {
  const queue = new AuditQueue()
  queue.act(alice, "server", { action: "signed_out" }, 1)
  queue.ran(alice, "server", tool, "success", 2)
  queue.ran(alice, "server", tool, "success", 3)
  expect(queue.size).toBe(2)
  queue.take(2)
  expect(queue.size).toBe(2)
  queue.ran(alice, "server", tool, "success", 4)
  expect(queue.size).toBe(3)
  queue.stored()
  expect(queue.size).toBe(1)
})
