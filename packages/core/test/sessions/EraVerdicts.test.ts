import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { makeEraVerdicts } from "../../src/sessions/EraVerdicts.ts"

const modern = {
  kind: "modern" as const,
  discover: {
    supportedVersions: ["2026-07-28"],
    capabilities: {},
    serverInfo: { name: "s", version: "1" },
    ttlMs: 0,
    cacheScope: "private" as const,
  },
}

it.effect("a legacy verdict is forgotten after ten minutes, a modern one is kept", () =>
  Effect.gen(function* () {
    const verdicts = makeEraVerdicts()
    yield* verdicts.set("old", { kind: "legacy" })
    yield* verdicts.set("new", modern)
    yield* TestClock.adjust("10 minutes")
    expect(yield* verdicts.get("old")).toStrictEqual({ kind: "legacy" })
    yield* TestClock.adjust("1 millis")
    expect(yield* verdicts.get("old")).toBeUndefined()
    expect(yield* verdicts.get("new")).toStrictEqual(modern)
  }),
)

it.effect("a verdict counts for its own key until it is forgotten", () =>
  Effect.gen(function* () {
    const verdicts = makeEraVerdicts()
    yield* verdicts.set("one", modern)
    expect(yield* verdicts.get("other")).toBeUndefined()
    verdicts.forget("one")
    expect(yield* verdicts.get("one")).toBeUndefined()
  }),
)

it.effect("what a server says of itself at length is not remembered", () =>
  Effect.gen(function* () {
    const verdicts = makeEraVerdicts()
    yield* verdicts.set("wordy", {
      ...modern,
      discover: { ...modern.discover, instructions: "x".repeat(1_000_000) },
    })
    expect(yield* verdicts.get("wordy")).toStrictEqual(modern)
    const capabilities = { experimental: { "x/y": { blob: "x".repeat(1_000_000) } } }
    yield* verdicts.set("hostile", { ...modern, discover: { ...modern.discover, capabilities } })
    expect(yield* verdicts.get("hostile")).toBeUndefined()
  }),
)
