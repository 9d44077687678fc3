import { expect, test } from "vitest"
import { CountedRuns } from "../../src/audit/CountedRuns.ts"

const runs = (organizationId: string, userId: string, toolId: string, outcome: string) => ({
  organizationId,
  userId,
  toolId,
  outcome,
})

test("runs are found by all of organization, user, tool and outcome, until they are deleted", () => {
  const counted = new CountedRuns<ReturnType<typeof runs>>()
  const all = ["acme", "other"].flatMap((organization) =>
    ["alice", "bob"].flatMap((user) =>
      ["tool-1", "tool-2"].flatMap((tool) =>
        ["success", "error"].map((outcome) => runs(organization, user, tool, outcome)),
      ),
    ),
  )
  const found = () =>
    all.map(({ organizationId, outcome, toolId, userId }) =>
      counted.find(organizationId, userId, toolId, outcome),
    )
  for (const each of all) counted.add(each)
  expect(found()).toStrictEqual(all)
  for (const [index, each] of all.entries()) {
    counted.delete(each)
    expect(found()).toStrictEqual(all.map((other, at) => (at <= index ? undefined : other)))
  }
  // Alike to some that were there before.
  for (const each of all) counted.add(each)
  counted.clear()
  expect(found()).toStrictEqual(all.map(() => undefined))
})
