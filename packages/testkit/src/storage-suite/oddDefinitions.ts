import type { ToolDefinition } from "@mooring/core"
import { oddSecrets } from "./oddTexts.ts"

type Json = Exclude<ToolDefinition["inputSchema"], undefined>

/** A schema whose objects are nested so deeply. */
const nested = (depth: number): Json => {
  let schema: Json = { type: "string" }
  for (let level = 0; level < depth; level += 1) schema = { type: "object", properties: { deep: schema } }
  return schema
}

/** Keys that are special to JavaScript, to JSON in a database, or that another order would betray. */
const oddKeys: Json = Object.fromEntries([
  ["zebra", 1],
  ["__proto__", { polluted: true }],
  ["constructor", { prototype: null }],
  ["hasOwnProperty", "mine"],
  ["toJSON", "no function"],
  ["", "the empty key"],
  ["\0", "\0"],
  ["a\0b", null],
  ["\ud83d", "\ude00"],
  ["apple", []],
  ["é", {}],
  ["e\u0301", [{}]],
  ["$ref", "#"],
  ["_tag", "Some"],
])

const oddNumbers: Json = [
  0,
  -0,
  1,
  -1,
  0.1 + 0.2,
  1e21,
  1e308,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  -Number.MAX_VALUE,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 1,
  2 ** 64,
  12_345_678_901_234_567_168,
  1.000_000_000_000_000_2,
]

/** About a megabyte, in long texts and in many small parts. */
const large: Json = {
  type: "object",
  description: "ü".repeat(250_000),
  properties: Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`property ${index}`, { type: "string", default: index }]),
  ),
}

/** Definitions as MCP servers may list them, by what is odd about them. */
export const oddDefinitions: Readonly<Record<string, ReadonlyArray<ToolDefinition>>> = {
  "a name alone": [{ name: "bare" }],
  "fields that are empty": [
    { name: "x", title: "", description: "", inputSchema: {}, outputSchema: {}, annotations: {} },
  ],
  "fields that are null": [{ name: "x", inputSchema: null, outputSchema: null, annotations: null }],
  "every field": [
    {
      name: "x",
      title: "X",
      description: "What it does",
      inputSchema: { type: "object", properties: { z: { type: "string" }, a: { type: "number" } } },
      outputSchema: { type: "object" },
      annotations: { readOnlyHint: true, title: "X" },
    },
  ],
  "schemas that are no objects": [true, false, "text", 0, [], [null]].map((schema, index) => ({
    name: `${index}`,
    inputSchema: schema,
    outputSchema: schema,
  })),
  "odd names and descriptions": Object.values(oddSecrets)
    .filter((text) => text !== "")
    .map((text) => ({ name: text, title: text, description: text, inputSchema: { description: text } })),
  "odd keys": [{ name: "x", inputSchema: oddKeys, outputSchema: oddKeys, annotations: oddKeys }],
  "odd numbers": [{ name: "x", inputSchema: oddNumbers, annotations: { all: oddNumbers } }],
  "deep nesting": [{ name: "x", inputSchema: nested(200), outputSchema: nested(100) }],
  "a large schema": [{ name: "x", inputSchema: large }],
}
