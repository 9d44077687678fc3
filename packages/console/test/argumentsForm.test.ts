import { describe, expect, test } from "vitest"
import { argumentsForm, fromArguments, readArguments, toArguments } from "../web/form/ArgumentsForm.ts"
import { type Draft, emptyDraft, emptyItem } from "../web/form/Draft.ts"
import { type Field, fieldOf } from "../web/form/Field.ts"
import type { Json, JsonObject } from "../web/form/Json.ts"

const object = (properties: Json, required: ReadonlyArray<string> = []): JsonObject => ({
  type: "object",
  properties,
  required,
})

const formOf = (schema: Json) => argumentsForm(schema) ?? expect.unreachable("there is no form")

/** The field of the only property. */
const only = (schema: Json): Field => fieldOf(schema, schema, 0)

const text = (value: string): Draft => ({ kind: "text", text: value })

/** The arguments with these drafts in the place of those that a form begins with. */
const fill = (schema: Json, drafts: Readonly<Record<string, Draft>>) => {
  const form = formOf(schema)
  if (form.initial.kind !== "object") throw new Error("no object")
  const properties = new Map([...form.initial.properties, ...Object.entries(drafts)])
  return toArguments(form, { ...form.initial, properties })
}

describe("a field", () => {
  test.each<[Json, Field["kind"]]>([
    [{ type: "string" }, "text"],
    [{ type: "integer" }, "number"],
    [{ type: "number" }, "number"],
    [{ type: "boolean" }, "boolean"],
    [{ enum: ["a", 1, true] }, "choice"],
    [{ const: "a" }, "choice"],
    [{ oneOf: [{ const: 1, title: "One" }, { const: 2 }] }, "choice"],
    [{ type: "array", items: { type: "string" } }, "list"],
    [{ type: "array", prefixItems: [{ type: "string" }] }, "json"],
    [{ properties: { a: { type: "string" } } }, "object"],
    [{ type: "object", additionalProperties: { type: "string" } }, "json"],
    [{ anyOf: [{ type: "string" }, { type: "number" }] }, "variants"],
    [{ type: ["string", "number"] }, "variants"],
    [{ anyOf: [{ type: "string" }, { type: "null" }] }, "text"],
    [{ type: ["integer", "null"] }, "number"],
    [{ allOf: [{ type: "object" }, { properties: { a: {} } }] }, "object"],
    [true, "json"],
    [{}, "json"],
    [{ type: "nonsense" }, "json"],
    [{ $ref: "#/nowhere" }, "json"],
    [{ $ref: "https://example.com/schema" }, "json"],
  ])("for %j is of the kind %s", (schema, kind) => {
    expect(only(schema).kind).toBe(kind)
  })

  test.each<Json>([
    { anyOf: [{ type: "string" }, { type: "null" }] },
    { oneOf: [{ type: "null" }, { type: "string" }, { type: "number" }] },
    { type: ["string", "null"] },
    { enum: ["a", null] },
    { type: "string", nullable: true },
  ])("for %j may be null", (schema) => {
    expect(only(schema).isNullable).toBe(true)
  })

  test("names the kinds of value by title, by the constant that tells them apart, or by type", () => {
    const field = only({
      oneOf: [
        { title: "First", type: "string" },
        object({ kind: { const: "second" } }),
        { type: "array" },
        { not: {} },
      ],
    })
    expect(field.kind === "variants" && field.variants.map(({ label }) => label)).toStrictEqual([
      "First",
      "kind: second",
      "List",
      "Variant 4",
    ])
  })
})

describe("arguments", () => {
  test("of what was not touched are left out, unless they are needed", () => {
    const schema = object(
      { a: { type: "string" }, b: { type: "boolean" }, c: { type: "string" }, d: { type: "array" } },
      ["b", "c"],
    )
    expect(toArguments(formOf(schema), formOf(schema).initial)).toStrictEqual({
      value: undefined,
      problems: new Map([['["c"]', "A value is needed here."]]),
    })
    expect(fill(schema, { c: text("here") }).value).toStrictEqual({ b: false, c: "here" })
  })

  test("begin with the defaults", () => {
    const schema = object({ a: { type: "string", default: "x" }, b: { enum: [1, 2], default: 2 } })
    expect(toArguments(formOf(schema), formOf(schema).initial).value).toStrictEqual({ a: "x", b: 2 })
  })

  test.each<[Json, string, Json | undefined]>([
    [{ type: "number" }, " 1.5 ", 1.5],
    [{ type: "number" }, "-2e3", -2000],
    [{ type: "number" }, "a", undefined],
    [{ type: "number" }, "Infinity", undefined],
    [{ type: "integer" }, "1.5", undefined],
    [{ type: "integer" }, "9007199254740993", undefined],
    [{ type: "integer", minimum: 3 }, "2", undefined],
    [{ type: "integer", maximum: 3 }, "4", undefined],
    [{ type: "string", minLength: 2 }, "a", undefined],
    [{ type: "string", maxLength: 1 }, "🙂", "🙂"],
    [{ type: "string", maxLength: 1 }, "ab", undefined],
    // A pattern of a stranger's is never run: this one would take forever.
    [{ type: "string", pattern: "^(a+)+$" }, `${"a".repeat(60)}!`, `${"a".repeat(60)}!`],
  ])("of %j with %j written into it are %j", (schema, written, value) => {
    const filled = fill(object({ it: schema }, ["it"]), { it: text(written) })
    expect(filled.value).toStrictEqual(value === undefined ? undefined : { it: value })
    expect(filled.problems.size).toBe(value === undefined ? 1 : 0)
  })

  test("that may be null are null where they are needed and empty, or where it is said", () => {
    const schema = object({ a: { type: ["string", "null"] }, b: { type: ["string", "null"] } }, ["a"])
    expect(fill(schema, {}).value).toStrictEqual({ a: null })
    expect(fill(schema, { b: { kind: "null" } }).value).toStrictEqual({ a: null, b: null })
  })

  test("of nested objects and lists are told with the places of what is wrong", () => {
    const item = object({ what: { type: "string" }, tonnes: { type: "number" } }, ["what"])
    const schema = object(
      { ship: object({ cargo: { type: "array", items: item, minItems: 1 } }, ["cargo"]) },
      ["ship"],
    )
    const place = { root: schema, depth: 0 }
    const empty = toArguments(formOf(schema), formOf(schema).initial)
    expect([...empty.problems]).toStrictEqual([['["ship","cargo",0,"what"]', "A value is needed here."]])
    const filled: Draft = {
      kind: "object",
      others: new Map(),
      properties: new Map([["cargo", { kind: "list", items: [{ ...emptyItem(item, place) }] }]]),
    }
    expect(fill(schema, { ship: filled }).problems.size).toBe(1)
    const back = fromArguments(formOf(schema), { ship: { cargo: [{ what: "tea", tonnes: 3 }] } })
    expect(back).toBeDefined()
    expect(back && toArguments(formOf(schema), back).value).toStrictEqual({
      ship: { cargo: [{ what: "tea", tonnes: 3 }] },
    })
  })

  test("of one of several kinds are those of the chosen one", () => {
    const schema = object(
      {
        engine: {
          oneOf: [
            object({ kind: { const: "sail" }, masts: { type: "integer" } }, ["kind", "masts"]),
            object({ kind: { const: "diesel" }, power: { type: "number" } }, ["kind", "power"]),
          ],
        },
      },
      ["engine"],
    )
    const draft = fromArguments(formOf(schema), { engine: { kind: "diesel", power: 9 } })
    expect(draft?.kind === "object" && draft.properties.get("engine")).toMatchObject({ index: 1 })
    expect(draft && toArguments(formOf(schema), draft).value).toStrictEqual({
      engine: { kind: "diesel", power: 9 },
    })
  })

  test("with names that mean something to JavaScript are properties like any other", () => {
    const schema: Json = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}},"required":["__proto__"]}',
    )
    const form = formOf(schema)
    const draft = fromArguments(form, JSON.parse('{"__proto__":"a","constructor":"b"}'))
    const { value } = toArguments(form, draft ?? form.initial)
    expect(JSON.stringify(value)).toBe('{"__proto__":"a","constructor":"b"}')
    expect(fromArguments(form, {})?.kind).toBe("object")
  })

  test("that the schema does not know are kept on the way through the form", () => {
    const form = formOf(object({ a: { type: "string" } }))
    const draft = fromArguments(form, { a: "x", more: [1] })
    expect(draft && toArguments(form, draft).value).toStrictEqual({ a: "x", more: [1] })
  })

  test.each<Json>([{ a: 1 }, { a: null }])("%j have no place in a form for a text", (args) => {
    expect(fromArguments(formOf(object({ a: { type: "string" } })), args)).toBeUndefined()
  })
})

describe("a schema that goes in a circle", () => {
  const node: Json = {
    $defs: { node: object({ value: { type: "string" }, next: { $ref: "#/$defs/node" } }, ["value"]) },
    ...object({ tree: { $ref: "#/$defs/node" } }, ["tree"]),
  }

  test("has a form, which grows as far as it is filled in", () => {
    const form = formOf(node)
    const args = { tree: { value: "a", next: { value: "b", next: { value: "c" } } } }
    const draft = fromArguments(form, args)
    expect(draft && toArguments(form, draft).value).toStrictEqual(args)
  })

  test("ends in JSON where it would not end", () => {
    const endless: Json = object({ it: { $ref: "#" } }, ["it"])
    const { problems } = toArguments(formOf(endless), formOf(endless).initial)
    expect(problems.size).toBe(1)
    expect([...problems.keys()][0]?.split("it")).toHaveLength(10)
  })

  test.each<Json>([
    { $ref: "#" },
    { type: "object", properties: { a: { $ref: "#/properties/a" } } },
    { type: "object", properties: { a: { allOf: [{ $ref: "#/properties/a" }] } } },
    { allOf: [{ $ref: "#" }, { $ref: "#" }] },
  ])("%j is read to an end", (schema) => {
    const field = fieldOf(schema, schema, 0)
    expect(emptyDraft(field, { root: schema, depth: 0 }, true)).toBeDefined()
  })
})

describe("a schema that is made to have no end", () => {
  const names = Array.from({ length: 50 }, (_, index) => `p${index}`)
  const self: Json = { $ref: "#" }
  const all = Object.fromEntries(names.map((name) => [name, self]))

  test.each<[string, Json]>([
    ["by objects in objects", object(all, names)],
    [
      "by parts",
      { type: "object", properties: { a: { allOf: names.map(() => self) } }, allOf: names.map(() => self) },
    ],
    [
      "by kinds",
      { type: "object", properties: { a: { oneOf: names.slice(0, 29).map(() => self) } }, required: ["a"] },
    ],
    ["by lists", object({ a: { type: "array", minItems: 1_000_000, items: self } }, ["a"])],
    [
      "by defaults",
      {
        ...object({ a: { anyOf: names.slice(0, 29).map(() => self) } }, ["a"]),
        default: { a: { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } } },
      },
    ],
    ["by choices", object({ a: { anyOf: Array.from({ length: 100_000 }, () => self) } }, ["a"])],
  ])("%s has a form at once, or none", (_by, schema) => {
    const before = performance.now()
    const form = argumentsForm(schema)
    if (form !== undefined) {
      toArguments(form, form.initial)
      fromArguments(form, { a: { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } } })
    }
    expect(performance.now() - before).toBeLessThan(5_000)
  })
})

test.each<unknown>([null, "text", [], { type: "array" }, { type: "string" }, undefined])(
  "there is no form for %j",
  (schema) => {
    expect(argumentsForm(schema)).toBeUndefined()
  },
)

test("there is none for a schema that is nested without end", () => {
  let schema: object = {}
  for (let depth = 0; depth < 50_000; depth++) schema = { properties: { a: schema } }
  expect(argumentsForm(schema)).toBeUndefined()
})

test.each<[string, unknown]>([
  ["", { args: {} }],
  ['{"a": 1}', { args: { a: 1 } }],
  ["[1]", { problem: expect.stringContaining("an object") }],
  ["{", { problem: expect.stringContaining("no JSON") }],
])("%j as arguments", (written, read) => {
  expect(readArguments(written)).toStrictEqual(read)
})
