import { expect, test } from "vitest"
import { admitRequest } from "../../src/serverRequests/admitRequest.ts"

const idle = { name: "idle", asked: 0, open: 0 }
const asked = { name: "asked", asked: 2, open: 1 }
const busy = { name: "busy", asked: 4, open: 4 }
const usedUp = { name: "usedUp", asked: 10, open: 0 }

test.each([
  ["nothing goes on", [], undefined],
  ["one thing goes on", [asked], asked],
  ["several things go on: what was asked for least", [usedUp, asked, idle, busy], idle],
  ["too much is open, or was asked", [busy, usedUp], undefined],
])("where %s", (_case, operations, expected) => {
  expect(admitRequest(operations, 10)).toBe(expected)
})
