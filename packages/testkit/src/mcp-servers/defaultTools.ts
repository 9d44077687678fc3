import { setTimeout as delay } from "node:timers/promises"
import { JsonRpcError, textResult } from "./TestTool.ts"
import type { JsonObject, TestTool } from "./TestTool.ts"

/** A PNG of one transparent pixel, in base64. */
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

const empty: JsonObject = { type: "object", properties: {} }

/** How deep the schema of `nested` goes. */
const nestingDepth = 12

function nestedSchema(depth: number): JsonObject {
  return depth === 0
    ? { type: "string", description: "The innermost value" }
    : { type: "object", properties: { inner: nestedSchema(depth - 1) }, required: ["inner"] }
}

const refsSchema: JsonObject = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: { tree: { $ref: "#/$defs/node" } },
  required: ["tree"],
  $defs: {
    node: {
      type: "object",
      properties: {
        value: { type: "string" },
        children: { type: "array", items: { $ref: "#/$defs/node" } },
      },
      required: ["value"],
    },
  },
}

const tools: ReadonlyArray<TestTool> = [
  {
    name: "echo",
    description: "Answers with the text that it was given",
    inputSchema: {
      type: "object",
      properties: { text: { type: "string", description: "The text" } },
      required: ["text"],
    },
    annotations: { readOnlyHint: true, idempotentHint: true },
    handle: ({ text }) => textResult(String(text)),
  },
  {
    name: "add",
    title: "Addition",
    description: "Adds two numbers",
    inputSchema: {
      type: "object",
      properties: { a: { type: "number" }, b: { type: "number" } },
      required: ["a", "b"],
    },
    outputSchema: { type: "object", properties: { sum: { type: "number" } }, required: ["sum"] },
    handle: ({ a, b }) => {
      const sum = Number(a) + Number(b)
      return { ...textResult(JSON.stringify({ sum })), structuredContent: { sum } }
    },
  },
  {
    name: "image",
    description: "Answers with a PNG of one pixel",
    inputSchema: empty,
    handle: () => ({ content: [{ type: "image", data: pixel, mimeType: "image/png" }] }),
  },
  {
    name: "fail",
    description: "Answers with a tool error",
    inputSchema: empty,
    handle: () => ({ ...textResult("The tool failed, as it always does"), isError: true }),
  },
  {
    name: "throws",
    description: "Answers with a JSON-RPC error",
    inputSchema: empty,
    handle: () => {
      throw new JsonRpcError(-32050, "The tool threw, as it always does")
    },
  },
  {
    name: "slow",
    description: "Answers after the given time, unless it is cancelled",
    inputSchema: {
      type: "object",
      properties: { ms: { type: "number", description: "Milliseconds" } },
      required: ["ms"],
    },
    handle: async ({ ms }, { signal }) => {
      await delay(Number(ms), undefined, { signal })
      return textResult(`Waited ${String(ms)} ms`)
    },
  },
  {
    name: "count",
    description: "Answers with the number of times that it was executed",
    inputSchema: empty,
    handle: (_args, { execution }) => textResult(String(execution)),
  },
  {
    name: "nested",
    description: "Takes a deeply nested argument and answers with it as JSON",
    inputSchema: nestedSchema(nestingDepth),
    handle: (args) => textResult(JSON.stringify(args)),
  },
  {
    name: "refs",
    description: "Takes a recursive argument and answers with it as JSON",
    inputSchema: refsSchema,
    handle: (args) => textResult(JSON.stringify(args)),
  },
]

/**
 * The tools of a test server that was given none: `echo` (text), `add` (structured content), `image` (PNG),
 * `fail` (`isError`), `throws` (JSON-RPC error -32050), `slow` (waits `ms`, or until it is cancelled), `count`
 * (its own executions), `nested` (a schema twelve levels deep) and `refs` (a recursive schema).
 */
export function defaultTools(): ReadonlyArray<TestTool> {
  return tools
}
