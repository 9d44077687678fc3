import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { McpTool } from "../tools/McpTool.ts"
import { ToolDefinition } from "../tools/ToolDefinition.ts"
import type { ToolExecution } from "../tools/ToolExecution.ts"
import { ExecutionAnswer, toExecutionAnswer } from "./ToolWire.ts"

// Tools and their runs where servers are known by name: a tool is what MCP defines it to be.

const JsonObject = Schema.Record(Schema.String, Schema.Json)

/** A stored tool as MCP defines it (MCP 2025-11-25, server/tools), with the health of its schema. */
export const McpToolAnswer = Schema.Struct({
  name: Schema.String,
  title: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  inputSchema: JsonObject,
  outputSchema: Schema.optionalKey(JsonObject),
  annotations: Schema.optionalKey(JsonObject),
  health: Schema.Struct({ status: Schema.String, reasons: Schema.Array(Schema.String) }),
}).annotate({ identifier: "MCPTool" })
export type McpToolAnswer = typeof McpToolAnswer.Type

/** Where the MCP server gave something else than an object, the client would complain: `health` tells of it. */
export const toMcpToolAnswer = ({ definition, schemaHealth }: McpTool): McpToolAnswer => {
  const { annotations, inputSchema, outputSchema, ...texts } = definition
  return {
    ...texts,
    inputSchema: isJsonObject(inputSchema) ? inputSchema : {},
    ...(isJsonObject(outputSchema) ? { outputSchema } : {}),
    ...(isJsonObject(annotations) ? { annotations } : {}),
    health: { status: schemaHealth.status, reasons: schemaHealth.warnings },
  }
}

const isJsonObject = (value: Schema.Json | undefined): value is Schema.JsonObject => Predicate.isObject(value)

/** What came of a test: the tools that were listed. A test that fails is answered with an error. */
export const TestAnswer = Schema.Struct({
  status: Schema.Literal("success"),
  tools: Schema.Array(ToolDefinition),
}).annotate({ identifier: "MCPServerTestResult" })

/** What came of a run: as elsewhere, with the two fields by which older clients of these calls know it. */
export const NamedExecutionAnswer = Schema.Struct({
  ...ExecutionAnswer.fields,
  result: Schema.String,
  success: Schema.Boolean,
}).annotate({ identifier: "MCPToolExecutionResult" })

export const toNamedExecutionAnswer = (execution: ToolExecution): typeof NamedExecutionAnswer.Type => ({
  ...toExecutionAnswer(execution),
  result: execution.text,
  success: execution.status === "success",
})
