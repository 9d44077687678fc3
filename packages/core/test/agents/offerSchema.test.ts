import { describe, expect, test } from "vitest"
import { offerSchema } from "../../src/agents/offerSchema.ts"

const offer = (schema: Record<string, unknown>) => offerSchema(schema, 20).schema

describe("a schema that is offered", () => {
  test("names its properties, even where there are none", () => {
    expect(offer({ type: "object" })).toStrictEqual({ type: "object", properties: {} })
  })

  test("has no combination at its root: what the branches name is named by the root", () => {
    const a = { type: "string" }
    expect(
      offer({
        type: "object",
        properties: { own: a },
        required: ["own"],
        allOf: [{ properties: { all: a, own: { type: "number" } }, required: ["all", "nowhere"] }, true],
        anyOf: [{ $ref: "#/$defs/some" }, { required: ["own"] }],
        oneOf: [{ properties: { one: a } }],
        not: { required: ["x"] },
        enum: [1],
        $defs: { some: { properties: { some: a }, required: ["some"] } },
      }),
    ).toStrictEqual({
      type: "object",
      properties: { own: a, all: a, some: a, one: a },
      required: ["own", "all"],
      $defs: { some: { properties: { some: a }, required: ["some"] } },
    })
    expect(offer({ type: "object", $ref: "#/$defs/a", $defs: { a: { properties: { a } } } })).toMatchObject({
      properties: { a },
    })
    expect(offer({ type: "object", $ref: "#" })).toStrictEqual({ type: "object", properties: {} })
  })

  test("is mended where providers would refuse it", () => {
    const ring = { type: "object", properties: { next: { $ref: "#/$defs/ring" } } }
    expect(
      offer({
        type: "object",
        properties: {
          list: { type: "array" },
          tuple: { type: "array", items: [{ type: "array" }] },
          word: { type: "text" },
          lost: { $ref: "#/$defs/lost", description: "x".repeat(50) },
          ring: { $ref: "#/$defs/ring" },
          escaped: { $ref: "#/$defs/a~1b%20c" },
          wrong: { $ref: "#/%" },
          data: { const: { description: "y".repeat(50) } },
          yes: true,
        },
        $defs: { ring, "a/b c": { type: "null" } },
      }),
    ).toStrictEqual({
      type: "object",
      properties: {
        list: { type: "array", items: {} },
        tuple: { type: "array", items: [{ type: "array", items: {} }] },
        word: {},
        lost: { description: `${"x".repeat(19)}…` },
        ring: { $ref: "#/$defs/ring" },
        escaped: { $ref: "#/$defs/a~1b%20c" },
        wrong: {},
        data: { const: { description: "y".repeat(50) } },
        yes: true,
      },
      $defs: { ring, "a/b c": { type: "null" } },
    })
  })

  test("keeps properties of the names of prototypes as its own", () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"null"}}}',
    )
    const { properties } = offer(schema)
    expect(JSON.stringify(properties)).toBe('{"__proto__":{"type":"string"},"constructor":{"type":"null"}}')
    expect({}).not.toHaveProperty("type")
  })

  test("has only names of properties that providers take, and gives the others back", () => {
    const names = ["$filter", "filter[id]", "filter_id_", "x".repeat(70), "", "ok.1"]
    const { restore, schema } = offerSchema(
      {
        type: "object",
        properties: Object.fromEntries(names.map((name) => [name, {}])),
        required: ["$filter"],
      },
      20,
    )
    const offered = Object.keys(Object(schema["properties"]))
    expect(offered).toStrictEqual(["_filter", "filter_id__1", "filter_id_", "x".repeat(56), "_", "ok.1"])
    expect(schema["required"]).toStrictEqual(["_filter"])
    expect(Object.keys(restore(Object.fromEntries(offered.map((name) => [name, 1]))))).toStrictEqual(names)
  })

  test("of many properties of such names is made in time that grows with their number", () => {
    const properties = Object.fromEntries(
      Array.from({ length: 30_000 }, (_, index) => [`\u0000${"é".repeat(60)}${index}`, {}]),
    )
    const startedAt = performance.now()
    expect(new Set(Object.keys(Object(offer({ type: "object", properties })["properties"]))).size).toBe(
      30_000,
    )
    expect(performance.now() - startedAt).toBeLessThan(15_000)
  })
})
