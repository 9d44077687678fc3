import { expect, test } from "vitest"
import { checkSchemaHealth } from "../../src/tools/SchemaHealth.ts"

const limits = { maxSchemaDepth: 8, maxSchemaNodes: 100 }
const check = (schema: unknown) => checkSchemaHealth(schema, limits)

const nested = (depth: number): object =>
  depth === 0 ? { type: "string" } : { type: "object", properties: { p: nested(depth - 1) } }

test.each([
  ["no parameters, closed", { type: "object", properties: {}, additionalProperties: false }],
  [
    "all required, closed, down to the leaves",
    {
      type: "object",
      properties: {
        list: {
          type: "array",
          items: { type: "object", properties: { a: {} }, required: ["a"], additionalProperties: false },
        },
      },
      required: ["list"],
      additionalProperties: false,
    },
  ],
])("%s is strict", (_, schema) => {
  expect(check(schema)).toStrictEqual({ status: "STRICT_COMPLIANT", warnings: [] })
})

test.each([
  ["an open object", { type: "object", properties: {} }, "/additionalProperties"],
  [
    "an optional property",
    { type: "object", properties: { a: {}, b: {} }, required: ["a"], additionalProperties: false },
    "/required: lacks b",
  ],
  [
    "an open object within",
    { type: "object", properties: { a: { type: "object" } }, required: ["a"], additionalProperties: false },
    "/properties/a/additionalProperties",
  ],
  [
    "an open object in $defs",
    { type: "object", additionalProperties: false, $defs: { n: { type: "object" } } },
    "/$defs/n",
  ],
])("%s is not strict", (_, schema, warning) => {
  expect(check(schema)).toMatchObject({
    status: "NON_STRICT_ONLY",
    warnings: expect.arrayContaining([expect.stringContaining(warning)]),
  })
})

test.each([
  ["none at all", undefined],
  ["null", null],
  ["a text", "object"],
  ["a list", []],
  ["of a string", { type: "string" }],
  ["without a type", { properties: {} }],
  ["with properties that are a text", { type: "object", properties: "none" }],
  ["with a property that is no schema", { type: "object", properties: { a: 7 } }],
  ["with required that is a text", { type: "object", required: "a" }],
  [
    "with a reference to the network",
    { type: "object", properties: { a: { $ref: "https://evil.example/schema" } } },
  ],
  ["with a reference to a file", { type: "object", properties: { a: { $ref: "file:///etc/passwd" } } }],
  ["deeper than the limit", nested(9)],
  [
    "larger than the limit",
    { type: "object", properties: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [i, {}])) },
  ],
])("a schema %s is invalid", (_, schema) => {
  const health = check(schema)
  expect(health.status).toBe("INVALID")
  expect(health.warnings.length).toBeGreaterThan(0)
})

test("a reference to itself ends", () => {
  const schema = {
    type: "object",
    properties: { child: { $ref: "#/$defs/node" } },
    $defs: { node: { type: "object", properties: { child: { $ref: "#/$defs/node" } } } },
  }
  expect(check(schema).status).toBe("NON_STRICT_ONLY")
})

test("at the limit of depth a schema is still judged", () => {
  expect(check(nested(8)).status).toBe("NON_STRICT_ONLY")
})

test("there are at most ten warnings, of bounded length", () => {
  const properties = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}${"x".repeat(1_000)}`, 7]))
  const { warnings } = check({ type: "object", properties })
  expect(warnings).toHaveLength(10)
  expect(Math.max(...warnings.map((warning) => warning.length))).toBeLessThan(300)
})
