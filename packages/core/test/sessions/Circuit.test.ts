import { it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { expect, test } from "vitest"
import {
  admit,
  begun,
  type Circuit,
  crashed,
  failed,
  initialCircuit,
  released,
  succeeded,
} from "../../src/sessions/Circuit.ts"
import { McpServerUnreachable } from "../../src/sessions/ConnectError.ts"

const error = new McpServerUnreachable({ serverName: "s", problem: "Nothing listens there." })
/** In the middle, so that the times are the round ones. */
const random = 0.5

const fail = (circuit: Circuit, now: number) => failed(circuit, "regular", error, now, random)
const failFiveTimes = (from = 0) =>
  [0, 1, 2, 3, 4].reduce((circuit, at) => fail(circuit, from + at), initialCircuit)
const probe = (circuit: Circuit, now: number) => {
  expect(admit(circuit, now, false)).toBe("probe")
  return begun(circuit, "probe")
}

test("five failures in a row open it, and it says since when", () => {
  const almost = [0, 1, 2, 3].reduce(fail, initialCircuit)
  expect(admit(almost, 4, false)).toBe("regular")
  const open = fail(almost, 4)
  expect(open).toMatchObject({ failures: 5, failingSince: 0, openUntil: 5_004, lastFault: { error, at: 4 } })
  expect(admit(open, 5_003, false)).toBeUndefined()
  expect(admit(open, 5_004, false)).toBe("probe")
})

test("a success in between makes them no row", () => {
  const almost = [0, 1, 2, 3].reduce(fail, initialCircuit)
  expect(admit(fail(succeeded(almost, 4), 5), 6, false)).toBe("regular")
})

test("one attempt at a time shows how things are; one that shows nothing gives way to the next", () => {
  const probing = probe(failFiveTimes(), 6_000)
  expect(admit(probing, 6_001, false)).toBeUndefined()
  expect(admit(released(probing, "probe"), 6_001, false)).toBe("probe")
})

test("each failed probe doubles the wait, up to five minutes", () => {
  let circuit = failFiveTimes()
  const waits: Array<number> = []
  for (let opening = 0; opening < 8; opening += 1) {
    const now = circuit.openUntil ?? 0
    circuit = failed(probe(circuit, now), "probe", error, now, random)
    waits.push((circuit.openUntil ?? 0) - now)
  }
  expect(waits).toStrictEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000])
})

test("waits are spread by a fifth in either direction", () => {
  const almost = [0, 1, 2, 3].reduce(fail, initialCircuit)
  expect(failed(almost, "regular", error, 0, 0).openUntil).toBe(4_000)
  expect(failed(almost, "regular", error, 0, 1).openUntil).toBe(6_000)
})

test("a user may try at any time: a success closes it, a failure changes nothing but what is known", () => {
  const open = failFiveTimes()
  expect(admit(open, 10, true)).toBe("explicit")
  const tried = failed(begun(open, "explicit"), "explicit", error, 10, random)
  expect(tried).toMatchObject({ failures: 6, lastFault: { at: 10 } })
  expect(tried.openUntil).toBe(open.openUntil)
  const closed = succeeded(open, 10)
  expect(admit(closed, 10, false)).toBe("regular")
  expect(closed).toMatchObject({ failures: 0, failingSince: undefined, lastSuccessAt: 10 })
})

test("what was begun before it opened does not keep it open for longer", () => {
  const open = failFiveTimes()
  expect(fail(open, 4_000).openUntil).toBe(open.openUntil)
})

test("once closed, a single failure opens it again for longer, until it has been well for as long as it was open", () => {
  const closed = succeeded(probe(failFiveTimes(), 6_000), 6_000)
  const again = fail(closed, 7_000)
  expect(again.openUntil).toBe(17_000)
  expect(fail(closed, 11_000).openUntil).toBeUndefined()
  const later = [0, 1, 2, 3, 4].reduce((circuit, at) => fail(circuit, 12_000 + at), closed)
  expect(later.openUntil).toBe(17_004)
})

test("five crashes within a minute open it, however well it starts in between", () => {
  const crashAt = (circuit: Circuit, at: number) => crashed(succeeded(circuit, at), error, at, random)
  const quick = [0, 10_000, 20_000, 30_000, 40_000].reduce(crashAt, initialCircuit)
  expect(quick).toMatchObject({ openUntil: 45_000, failingSince: 0 })
  const slow = [0, 15_000, 30_000, 45_000, 60_000, 75_000].reduce(crashAt, initialCircuit)
  expect(slow.openUntil).toBeUndefined()
})

const Step = Schema.Struct({
  wait: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20_000 })),
  isExplicit: Schema.Boolean,
  random: Schema.Number.check(Schema.isBetween({ minimum: 0, maximum: 1 })),
  outcome: Schema.Literals(["success", "failure", "nothing", "success_then_crash"]),
})

it.prop(
  "whatever happens, a try comes within six minutes, and users may always try",
  [Schema.Array(Step)],
  ([steps]) => {
    let circuit = initialCircuit
    let now = 0
    for (const { isExplicit, outcome, random, wait } of steps) {
      now += wait
      expect(admit(circuit, now, true)).toBeDefined()
      expect(admit(circuit, now + 360_000, false)).toBeDefined()
      const attempt = admit(circuit, now, isExplicit)
      if (attempt === undefined) continue
      circuit = begun(circuit, attempt)
      if (outcome === "nothing") circuit = released(circuit, attempt)
      else if (outcome === "failure") circuit = failed(circuit, attempt, error, now, random)
      else circuit = succeeded(circuit, now)
      if (outcome === "success_then_crash") circuit = crashed(circuit, error, now, random)
      expect(circuit.isProbing).toBe(false)
    }
  },
)

it.prop(
  "a server that never works is tried eight times in the first minute at most, by however many runs",
  [Schema.Array(Schema.Number.check(Schema.isBetween({ minimum: 0, maximum: 1 }))), Schema.Boolean],
  ([randoms, crashes]) => {
    let circuit = initialCircuit
    let tries = 0
    for (let now = 0; now < 60_000; now += 50) {
      const attempt = admit(circuit, now, false)
      if (attempt === undefined) continue
      const random = randoms[tries] ?? 0
      tries += 1
      circuit = begun(circuit, attempt)
      circuit = crashes
        ? crashed(succeeded(circuit, now), error, now, random)
        : failed(circuit, attempt, error, now, random)
    }
    expect(tries).toBeGreaterThan(5)
    expect(tries).toBeLessThanOrEqual(8)
  },
)
