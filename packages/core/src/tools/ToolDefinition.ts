import * as Schema from "effect/Schema"

/**
 * A tool as an MCP server lists it (MCP 2025-11-25, server/tools). Only the name is demanded: a server whose
 * schema for one tool is wrong keeps its other tools, and {@link checkSchemaHealth} says what is wrong with it.
 */
export const ToolDefinition = Schema.Struct({
  name: Schema.NonEmptyString,
  title: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  inputSchema: Schema.optionalKey(Schema.Json),
  outputSchema: Schema.optionalKey(Schema.Json),
  annotations: Schema.optionalKey(Schema.Json),
})
export interface ToolDefinition extends Schema.Schema.Type<typeof ToolDefinition> {}
