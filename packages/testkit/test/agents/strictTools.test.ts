import {
  type AgentInputSchema,
  type AgentTool,
  McpServerId,
  McpToolId,
  openaiResponsesTools,
} from "@mooring/core"
import { toStrictJsonSchema } from "openai/lib/transform"
import { describe, expect, test } from "vitest"
import { textResult } from "../../src/index.ts"
import { agentHost, alice } from "./agentHost.ts"

// OpenAI's own package says what its strict mode takes: it leaves a schema as it is that is strict already.

const text = { type: "string" }
const object = (
  properties: Record<string, unknown>,
  more: Record<string, unknown> = {},
): AgentInputSchema => ({
  type: "object",
  properties,
  ...more,
})

interface Sample {
  readonly schema: AgentInputSchema
  /** What a model answers in strict mode, and what reaches the MCP server of it. */
  readonly calls?: ReadonlyArray<readonly [args: Record<string, unknown>, restored: Record<string, unknown>]>
}

const tree = object(
  { label: text, children: { type: "array", items: { $ref: "#" } } },
  { required: ["label"] },
)
const shape = {
  anyOf: [
    object({ kind: { const: "circle", type: "string" }, radius: { type: "number" } }, { required: ["kind"] }),
    object(
      { kind: { const: "dot", type: "string" }, radius: { type: ["null", "number"] } },
      { required: ["kind"] },
    ),
  ],
}

const strict: Readonly<Record<string, Sample>> = {
  "no arguments": { schema: object({}), calls: [[{}, {}]] },
  "required and optional": {
    schema: object({ a: text, b: { ...text, description: "B", default: "x" } }, { required: ["a"] }),
    calls: [
      [{ a: "1", b: null }, { a: "1" }],
      [
        { a: "1", b: "2" },
        { a: "1", b: "2" },
      ],
    ],
  },
  "what takes null anyway": {
    schema: object({
      a: { type: ["string", "null"] },
      b: { anyOf: [text, { type: "null" }] },
      c: { enum: ["x", null], type: ["string", "null"] },
    }),
    calls: [
      [
        { a: null, b: null, c: null },
        { a: null, b: null, c: null },
      ],
    ],
  },
  "words and numbers with bounds": {
    schema: object({
      a: { type: "string", enum: ["x", "y"] },
      b: { type: "integer", minimum: 1, maximum: 5, title: "B" },
      c: { type: "string", format: "uri", pattern: "^[a-z]+$", minLength: 1 },
      d: { type: "array", items: { type: "string", format: "date" }, minItems: 1 },
      e: { type: "boolean" },
    }),
    calls: [[{ a: null, b: null, c: null, d: null, e: null }, {}]],
  },
  "objects in objects and lists": {
    schema: object(
      { list: { type: "array", items: object({ a: text, b: object({ c: text }) }) } },
      { required: ["list"] },
    ),
    calls: [
      [
        {
          list: [
            { a: null, b: { c: null } },
            { a: "1", b: null },
          ],
        },
        { list: [{ b: {} }, { a: "1" }] },
      ],
    ],
  },
  "a tree": {
    schema: tree,
    calls: [
      [
        { label: "a", children: [{ label: "b", children: null }] },
        { label: "a", children: [{ label: "b" }] },
      ],
    ],
  },
  definitions: {
    schema: object(
      { a: { $ref: "#/$defs/maybe", description: "A" }, b: { $ref: "#/definitions/old" } },
      {
        $defs: { maybe: { anyOf: [{ $ref: "#/$defs/text" }, { type: "null" }] }, text, unused: { not: {} } },
        definitions: { old: object({ x: text }) },
      },
    ),
    calls: [
      [
        { a: null, b: { x: null } },
        { a: null, b: {} },
      ],
      [{ a: "1", b: null }, { a: "1" }],
    ],
  },
  "one of two objects": {
    schema: object({ shape }, { required: ["shape"] }),
    calls: [
      [{ shape: { kind: "circle", radius: null } }, { shape: { kind: "circle" } }],
      [{ shape: { kind: "dot", radius: null } }, { shape: { kind: "dot", radius: null } }],
      [{ shape: { kind: "none", radius: null } }, { shape: { kind: "none", radius: null } }],
    ],
  },
  "names of prototypes": {
    schema: JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}}}',
    ),
    calls: [[JSON.parse('{"__proto__":null,"constructor":"x"}'), { constructor: "x" }]],
  },
}

const deep = (depth: number): Record<string, unknown> =>
  depth === 0 ? text : object({ inner: deep(depth - 1) })
const loose: Readonly<Record<string, AgentInputSchema>> = {
  "an open object": object({ a: text }, { additionalProperties: true }),
  "a map": object({ a: { type: "object", additionalProperties: text } }),
  "any object": object({ a: { type: "object" } }),
  anything: object({ a: {} }),
  "a boolean schema": object({ a: true }),
  "a combination of all": object({ a: { allOf: [object({ b: text }), object({ c: text })] } }),
  "exactly one": object({ a: { oneOf: [text, { type: "null" }] } }),
  "a condition": object({ a: text }, { if: { required: ["a"] } }),
  "patterns of names": object({}, { patternProperties: { a: text } }),
  "a required property that is not there": object({ a: text }, { required: ["b"] }),
  "a tuple": object({ a: { type: "array", prefixItems: [text] } }),
  "look-around": object({ a: { type: "string", pattern: "(?=a)" } }),
  "a pattern that is none": object({ a: { type: "string", pattern: "(" } }),
  "a bound that is none": object({ a: { type: "integer", minimum: "0" } }),
  "a list without values": object({ a: { type: "string", enum: [] } }),
  "objects as values": object({ a: { enum: [{ a: 1 }], type: "object" } }),
  "eleven levels": object({ a: deep(10) }),
  "a reference beside something": object({ a: { $ref: "#", minLength: 1 } }),
  "a reference into a property": object({ a: text, b: { $ref: "#/properties/a" } }),
  "an endless reference": object(
    { a: { $ref: "#/$defs/a" } },
    { $defs: { a: { $ref: "#/$defs/b" }, b: { anyOf: [text, { $ref: "#/$defs/a" }] } } },
  ),
  "a thousand and one words": object({
    a: { type: "string", enum: Array.from({ length: 1_001 }, (_, n) => `${n}`) },
  }),
  "many long words": object({
    a: { type: "string", enum: Array.from({ length: 251 }, (_, n) => `${n}`.padStart(60, "x")) },
  }),
  "names of megabytes": object({ ["x".repeat(130_000)]: text }),
  "more properties than are taken": object(
    Object.fromEntries(Array.from({ length: 5_001 }, (_, n) => [`p${n}`, text])),
  ),
}

const agentTool = (inputSchema: AgentInputSchema): AgentTool => {
  const server = { id: McpServerId.make("mcp_server-1"), name: "s" }
  return {
    name: "t",
    description: "",
    inputSchema,
    server,
    tool: {
      id: McpToolId.make("tool-1"),
      serverId: server.id,
      definition: { name: "t" },
      schemaHealth: { status: "NON_STRICT_ONLY", warnings: [] },
      fingerprint: "f",
      needsApproval: false,
      createdBy: "alice",
      updatedBy: "alice",
    },
  }
}

const offered = (inputSchema: AgentInputSchema) => {
  const [tool] = openaiResponsesTools([agentTool(inputSchema)])
  if (tool === undefined) throw new Error("no tool")
  return tool
}

describe("a schema that strict mode can say", () => {
  test.each(Object.entries(strict))("%s", (_, { schema }) => {
    const { parameters, strict } = offered(schema)
    expect(strict).toBe(true)
    // As text: a property may be called `__proto__`.
    expect(JSON.stringify(toStrictJsonSchema({ ...parameters, type: "object" }))).toBe(
      JSON.stringify(parameters),
    )
  })
})

describe("a schema that it cannot say is offered as it is", () => {
  test.each(Object.entries(loose))("%s", (_, schema) => {
    expect(offered(schema)).toMatchObject({ strict: false, parameters: schema })
  })
})

test("what reaches the MCP server is without the nulls that strict mode asked for", async () => {
  const samples = Object.entries(strict)
  const host = await agentHost({
    strict: samples.map(([, { schema }], index) => ({
      name: `t${index}`,
      inputSchema: schema,
      handle: (args) => textResult(JSON.stringify(args)),
    })),
  })
  try {
    const tools = await host.mooring.tools.for(alice)
    for (const [index, [, { calls = [] }]] of samples.entries()) {
      for (const [args, restored] of calls) {
        const result = await tools.call(`strict__t${index}`, JSON.stringify(args))
        expect(JSON.parse(result.text)).toStrictEqual(restored)
      }
    }
  } finally {
    await host.close()
  }
})

test("branches without end cost no time", async () => {
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [
      `d${n}`,
      { anyOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
    ]),
  )
  const schema = object({ a: { $ref: "#/$defs/d0" } }, { $defs: { ...doubling, d40: text } })
  const host = await agentHost({
    hostile: [{ name: "t", inputSchema: schema, handle: (args) => textResult(JSON.stringify(args)) }],
  })
  try {
    const tools = await host.mooring.tools.for(alice)
    expect(tools.openaiResponses()).toMatchObject([{ strict: true }])
    const startedAt = performance.now()
    expect((await tools.call("hostile__t", { a: 5 })).text).toBe('{"a":5}')
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  } finally {
    await host.close()
  }
})
