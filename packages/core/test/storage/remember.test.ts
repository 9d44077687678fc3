import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { remember } from "../../src/storage/remember.ts"
import { SignalHub, type StoreSignal } from "../../src/storage/StoreSignals.ts"

interface Fields extends Readonly<Record<string, string>> {
  readonly owner: string
  readonly id: string
}

const alice: Fields = { owner: "alice", id: "1" }
const bob: Fields = { owner: "bob", id: "1" }

/** Answers with whom it was asked for, and with how often the store was read before. */
const remembered = Effect.fnUntraced(function* (capacity = 10) {
  const { listen, publish } = yield* SignalHub
  let reads = 0
  const { forget, get } = yield* remember({
    signals: { listen },
    read: ({ id, owner }: Fields) => Effect.sync(() => `${owner} ${id} ${reads++}`),
    concerns: (signal, { id }) => signal.type === "server_removed" && signal.serverId === id,
    labelOf: ({ id }) => id,
    capacity,
    millis: 1000,
  })
  return { forget, get, publish }
})

const changed: StoreSignal = { type: "server_removed", serverId: "1" }

it.layer(SignalHub.layer("resumed"))((it) => {
  it.effect("what was read is not read again until it is forgotten", () =>
    Effect.gen(function* () {
      const { forget, get } = yield* remembered()
      expect([yield* get(alice), yield* get(alice)]).toStrictEqual(["alice 1 0", "alice 1 0"])
      yield* forget(alice)
      expect([yield* get(alice), yield* get({ ...alice })]).toStrictEqual(["alice 1 1", "alice 1 1"])
    }),
  )

  it.effect("nobody is given what was read for somebody else with the same label", () =>
    Effect.gen(function* () {
      const { forget, get } = yield* remembered()
      const answers = []
      for (const fields of [alice, bob, alice, bob]) answers.push(yield* get(fields))
      expect(answers).toStrictEqual(["alice 1 0", "bob 1 1", "alice 1 0", "bob 1 1"])
      yield* forget(alice)
      expect([yield* get(bob), yield* get(alice)]).toStrictEqual(["bob 1 1", "alice 1 2"])
    }),
  )

  it.effect("a change of the stores forgets all that it concerns", () =>
    Effect.gen(function* () {
      const { get, publish } = yield* remembered()
      const other: Fields = { owner: "alice", id: "2" }
      yield* Effect.forEach([alice, bob, other], get)
      yield* publish(changed)
      expect(yield* Effect.forEach([alice, bob, other], get)).toStrictEqual([
        "alice 1 3",
        "bob 1 4",
        "alice 2 2",
      ])
    }),
  )

  it.effect("also what the cache has let go of, and is still at hand", () =>
    Effect.gen(function* () {
      const { get, publish } = yield* remembered(1)
      yield* get(alice)
      yield* get(bob)
      yield* publish(changed)
      expect(yield* get(bob)).toBe("bob 1 2")
    }),
  )

  it.effect("nothing holds for longer than it may", () =>
    Effect.gen(function* () {
      const { get } = yield* remembered()
      yield* get(alice)
      yield* TestClock.adjust(999)
      expect(yield* get(alice)).toBe("alice 1 0")
      yield* TestClock.adjust(1)
      expect(yield* get(alice)).toBe("alice 1 1")
    }),
  )

  it.effect("nothing is remembered while changes go unnoticed, or from before", () =>
    Effect.gen(function* () {
      const { get, publish } = yield* remembered()
      yield* get(alice)
      yield* publish({ type: "interrupted" })
      expect([yield* get(alice), yield* get(alice)]).toStrictEqual(["alice 1 1", "alice 1 2"])
      yield* publish({ type: "resumed" })
      expect([yield* get(alice), yield* get(alice)]).toStrictEqual(["alice 1 3", "alice 1 3"])
    }),
  )
})
