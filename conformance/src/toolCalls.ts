import { field, list, text } from "./json.ts"
import type { Scenario, ToolCall } from "./Scenario.ts"

/** Which tools to call, of those that Mooring offers. */
export const toolCalls = (scenario: Scenario, tools: ReadonlyArray<unknown>): ReadonlyArray<ToolCall> => {
  if (scenario.toolCalls.length > 0) return scenario.toolCalls
  if (scenario.name === "json-schema-2020-12-preservation") return echoes(tools)
  // It lists tools and knows no calls: what is looked at is that nothing in a schema is fetched.
  if (scenario.name === "json-schema-ref-no-deref") return []
  const calls = tools.map((tool) => ({
    name: text(tool, "name") ?? "",
    args: sample(field(tool, "args_json_schema")),
  }))
  // The server moves to another authorization server between two calls.
  return scenario.name === "auth/authorization-server-migration" ? [...calls, ...calls] : calls
}

/** The schemas of the others, handed to the tool that takes one: the suite compares it with its own. */
const echoes = (tools: ReadonlyArray<unknown>): ReadonlyArray<ToolCall> => {
  const isEcho = (tool: unknown) =>
    field(field(field(tool, "args_json_schema"), "properties"), "schema") !== undefined
  const schemas = tools.filter((tool) => !isEcho(tool)).map((tool) => field(tool, "args_json_schema"))
  return tools
    .filter(isEcho)
    .flatMap((tool) => schemas.map((schema) => ({ name: text(tool, "name") ?? "", args: { schema } })))
}

/** Arguments that a tool will take, as far as the suite's tools go. */
const sample = (schema: unknown): Record<string, unknown> =>
  Object.fromEntries(
    list(field(schema, "required")).flatMap((name) =>
      typeof name === "string" ? [[name, sampleOf(field(field(schema, "properties"), name))]] : [],
    ),
  )

const sampleOf = (schema: unknown): unknown => {
  switch (text(schema, "type")) {
    case "number":
    case "integer":
      return 5
    case "boolean":
      return true
    case "object":
      return sample(schema)
    case "array":
      return []
    default:
      return "text"
  }
}
