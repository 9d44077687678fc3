import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { expect, test } from "vitest"
import { Actor } from "../../src/actors/Actor.ts"
import { decodeActor } from "../../src/actors/decodeActor.ts"

const decode = (input: unknown) => Effect.runSyncExit(decodeActor(input))

test.each([
  { organizationId: "acme", userId: "alice" },
  { organizationId: "acme", userId: "alice", variables: undefined },
  { organizationId: "acme", userId: "alice", name: "unknown to us" },
  { organizationId: "😀", userId: "x".repeat(255) },
])("%j is one, and no more of it is kept", (input) => {
  const { organizationId, userId } = input
  expect(decode(input)).toStrictEqual(Exit.succeed({ organizationId, userId }))
})

test("variables are secrets", () => {
  const exit = decode({ organizationId: "acme", userId: "alice", variables: { KEY: "v" } })
  if (Exit.isFailure(exit)) throw new Error("It was refused")
  expect(Redacted.isRedacted(exit.value.variables?.["KEY"])).toBe(true)
})

test.each([
  undefined,
  null,
  "alice",
  [],
  {},
  { organizationId: "acme" },
  { organizationId: "acme", userId: "" },
  { organizationId: "acme", userId: 1 },
  { organizationId: "acme", userId: ["alice"] },
  { organizationId: "acme", userId: "a\0b" },
  { organizationId: "acme", userId: "\ud800" },
  { organizationId: "acme", userId: "x".repeat(256) },
  { organizationId: "acme", userId: "alice", variables: { KEY: 1 } },
])("%j is refused, as the schema refuses it", (input) => {
  expect(Exit.isFailure(decode(input))).toBe(true)
  expect(Exit.isFailure(Schema.decodeUnknownExit(Actor)(input))).toBe(true)
})
