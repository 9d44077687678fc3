import * as Result from "effect/Result"
import { describe, expect, test } from "vitest"
import type { ElicitationRequest } from "../../src/serverRequests/ClientFeatures.ts"
import { fillForm, type FormContent } from "../../src/serverRequests/fillForm.ts"

type Fields = ElicitationRequest["requestedSchema"]["properties"]
type Value = FormContent[string]

const fill = (properties: Fields, entered: FormContent, required?: Array<string>) =>
  fillForm(
    required === undefined ? { type: "object", properties } : { type: "object", properties, required },
    entered,
  )

describe("a field", () => {
  const choices = ["red", "blue"]
  const titled = [
    { const: "red", title: "Red" },
    { const: "blue", title: "Blue" },
  ]
  test.each<readonly [string, Fields[string], ReadonlyArray<Value>, ReadonlyArray<Value>]>([
    ["boolean", { type: "boolean" }, [true, false], ["true", 1]],
    ["number", { type: "number", minimum: 1, maximum: 2 }, [1, 1.5, 2], [0.9, 2.1, NaN, Infinity, "1"]],
    ["integer", { type: "integer" }, [0, -3], [1.5, "1", true]],
    ["text", { type: "string", minLength: 2, maxLength: 3 }, ["ab", "🜚🜚🜚"], ["a", "abcd", 12, ["ab"]]],
    ["email", { type: "string", format: "email" }, ["a@b.example"], ["a", "a b@c"]],
    ["uri", { type: "string", format: "uri" }, ["https://a.example/x"], ["a.example", "/x"]],
    [
      "date",
      { type: "string", format: "date" },
      ["2026-02-28"],
      ["2026-13-01", "28.2.2026", "2026-02-28T00:00:00Z"],
    ],
    [
      "time",
      { type: "string", format: "date-time" },
      ["2026-02-28T12:00:00Z", "2026-02-28T12:00:00.5+01:00"],
      ["2026-02-28", "noon"],
    ],
    ["choice", { type: "string", enum: choices }, choices, ["green", "", 0]],
    ["choice with titles", { type: "string", oneOf: titled }, choices, ["Red", "green"]],
    [
      "choices",
      { type: "array", items: { type: "string", enum: choices }, minItems: 1 },
      [["red"], choices],
      [[], ["green"], "red"],
    ],
    [
      "choices with titles",
      { type: "array", items: { anyOf: titled }, maxItems: 1 },
      [[], ["blue"]],
      [choices, ["Blue"]],
    ],
  ])("of the kind %s takes what it says", (_kind, field, right, wrong) => {
    const isTaken = (value: Value) => Result.isSuccess(fill({ field }, { field: value }))
    expect(right.filter((value) => !isTaken(value))).toStrictEqual([])
    expect(wrong.filter(isTaken)).toStrictEqual([])
  })
})

describe("a form", () => {
  const color = { type: "string", default: "red" } as const
  const size = { type: "integer" } as const

  test("has its defaults where nothing was entered, and leaves out what has none", () => {
    expect(fill({ color, size }, {})).toStrictEqual(Result.succeed({ color: "red" }))
    expect(fill({ color, size }, { color: "blue", size: 3 })).toStrictEqual(
      Result.succeed({ color: "blue", size: 3 }),
    )
  })

  test("says which required field is missing, and nothing of what was entered", () => {
    const filled = fill({ color, size }, { color: "secret" }, ["color", "size"])
    expect(filled).toStrictEqual(Result.fail("size is missing"))
    expect(fill({ size }, { size: "secret" })).toStrictEqual(Result.fail("size must be a number"))
  })

  test("gives nothing that it did not ask for", () => {
    expect(fill({ color }, { color: "blue", card: "4111" })).toStrictEqual(Result.succeed({ color: "blue" }))
  })

  test("takes a field for its own whatever its name", () => {
    const named = JSON.parse(
      '{ "__proto__": { "type": "boolean", "default": true }, "toString": { "type": "boolean" } }',
    )
    const filled = Result.getOrThrow(fill(named, {}))
    expect(Object.entries(filled)).toStrictEqual([["__proto__", true]])
    expect(fill(named, {}, ["toString"])).toStrictEqual(Result.fail("toString is missing"))
  })

  test("tells no more of what is wrong than can be read", () => {
    const fields = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`${index}`.repeat(1_000), { type: "boolean" } as const]),
    )
    const filled = fill(fields, {}, Object.keys(fields))
    expect(Result.isFailure(filled) && filled.failure.length).toBeLessThanOrEqual(500)
  })
})
