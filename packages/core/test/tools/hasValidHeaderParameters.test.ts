import { expect, test } from "vitest"
import { hasValidHeaderParameters } from "../../src/tools/hasValidHeaderParameters.ts"

const withParameter = (parameter: object) => ({ type: "object", properties: { region: parameter } })

test.each([
  undefined,
  true,
  { type: "object" },
  withParameter({ type: "string" }),
  withParameter({ type: "string", "x-mcp-header": "Region" }),
  withParameter({ type: "object", properties: { deep: { type: "integer", "x-mcp-header": "Deep" } } }),
  withParameter({ type: "string", default: { "x-mcp-header": "a:b" } }),
  { type: "object", properties: { "x-mcp-header": { type: "string" } } },
])("%j may be called", (schema) => {
  expect(hasValidHeaderParameters(schema)).toBe(true)
})

test.each([
  withParameter({ type: "string", "x-mcp-header": "a:b" }),
  withParameter({ type: "string", "x-mcp-header": "a\r\nb" }),
  withParameter({ type: "string", "x-mcp-header": "" }),
  withParameter({ type: "string", "x-mcp-header": 1 }),
  withParameter({ type: "object", "x-mcp-header": "Region" }),
  withParameter({ type: "array", items: { type: "string", "x-mcp-header": "Region" } }),
  withParameter({ anyOf: [{ type: "string", "x-mcp-header": "Region" }] }),
  { type: "object", "x-mcp-header": "Region" },
  {
    type: "object",
    properties: {
      a: { type: "string", "x-mcp-header": "Region" },
      b: { type: "string", "x-mcp-header": "region" },
    },
  },
])("%j is left out", (schema) => {
  expect(hasValidHeaderParameters(schema)).toBe(false)
})
