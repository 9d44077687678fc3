import * as Schema from "effect/Schema"
import type { Options } from "../Options.ts"
import type { McpServer } from "../servers/McpServer.ts"
import type { McpTool } from "../tools/McpTool.ts"
import { type RunEvent, RunNotice } from "../tools/RunEvent.ts"
import type { ToolExecution } from "../tools/ToolExecution.ts"

// The shapes of tools and their runs on the wire, as Letta's clients know them.

const nothing = Schema.Null

/** A tool in answers. */
export const ToolAnswer = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  description: Schema.String,
  json_schema: Schema.Struct({ name: Schema.String, description: Schema.String, parameters: Schema.Json }),
  args_json_schema: Schema.Json,
  tool_type: Schema.Literal("external_mcp"),
  source_type: Schema.Literal("json"),
  source_code: nothing,
  tags: Schema.Array(Schema.String),
  metadata_: Schema.Struct({
    mcp: Schema.Struct({
      server_id: Schema.String,
      server_name: Schema.String,
      schema_health: Schema.Literals(["STRICT_COMPLIANT", "NON_STRICT_ONLY", "INVALID"]),
      schema_warnings: Schema.Array(Schema.String),
      fingerprint: Schema.String.annotate({
        description:
          "SHA-256, in hex, of the tool's definition: name, title, description, schemas and annotations.",
      }),
      needs_approval: Schema.Boolean.annotate({
        description:
          "Whether a run is answered with 409 until the definition is approved, because it came after the server's first listing. Always false without the host's option approveChangedTools.",
      }),
      annotations: Schema.optionalKey(Schema.Json),
      output_schema: Schema.optionalKey(Schema.Json),
    }),
  }),
  return_char_limit: Schema.Int,
  created_by_id: Schema.String,
  last_updated_by_id: Schema.String,
  default_requires_approval: nothing,
  enable_parallel_execution: Schema.Boolean,
  project_id: nothing,
  npm_requirements: nothing,
  pip_requirements: nothing,
}).annotate({ identifier: "Tool" })
export type ToolAnswer = typeof ToolAnswer.Type

export const toToolAnswer = (
  tool: McpTool,
  server: McpServer,
  { approveChangedTools, limits }: Options["Service"],
): ToolAnswer => {
  const { annotations, description = "", inputSchema = null, name, outputSchema } = tool.definition
  return {
    id: tool.id,
    name,
    description,
    json_schema: { name, description, parameters: inputSchema },
    args_json_schema: inputSchema,
    tool_type: "external_mcp",
    source_type: "json",
    source_code: null,
    tags: [`mcp:${server.name}`],
    metadata_: {
      mcp: {
        server_id: server.id,
        server_name: server.name,
        schema_health: tool.schemaHealth.status,
        schema_warnings: tool.schemaHealth.warnings,
        fingerprint: tool.fingerprint,
        needs_approval: approveChangedTools && tool.needsApproval,
        ...(annotations === undefined ? {} : { annotations }),
        ...(outputSchema === undefined ? {} : { output_schema: outputSchema }),
      },
    },
    return_char_limit: limits.resultBytes,
    created_by_id: tool.createdBy,
    last_updated_by_id: tool.updatedBy,
    default_requires_approval: null,
    enable_parallel_execution: true,
    project_id: null,
    npm_requirements: null,
    pip_requirements: null,
  }
}

/** What a refresh changed: names of tools. */
export const RefreshAnswer = Schema.Struct({
  deleted: Schema.Array(Schema.String),
  updated: Schema.Array(Schema.String),
  added: Schema.Array(Schema.String),
}).annotate({ identifier: "RefreshResult" })

/** The body of a run; there may be none. */
export const RunTool = Schema.Struct({
  args: Schema.optionalKey(Schema.NullOr(Schema.Record(Schema.String, Schema.Json))),
}).annotate({ identifier: "ToolExecuteRequest" })

/** The body of an approval; there may be none. */
export const ApproveTool = Schema.Struct({
  fingerprint: Schema.optionalKey(Schema.NullOr(Schema.String)).annotate({
    description:
      "Of the definition that was looked at. Where the tool has another one by now, the answer is 409 and nothing is approved.",
  }),
}).annotate({ identifier: "ToolApproveRequest" })

const executionFields = {
  status: Schema.Literals(["success", "error"]),
  func_return: Schema.String,
  stdout: Schema.Array(Schema.String),
  stderr: Schema.Array(Schema.String),
  agent_state: nothing,
  sandbox_config_fingerprint: nothing,
  content: Schema.Array(Schema.Unknown),
  structured_content: Schema.optionalKey(Schema.Unknown),
  truncated: Schema.Boolean,
}

/** What came of a run. */
export const ExecutionAnswer = Schema.Struct(executionFields).annotate({ identifier: "ToolExecutionResult" })
export type ExecutionAnswer = typeof ExecutionAnswer.Type

export const toExecutionAnswer = (execution: ToolExecution): ExecutionAnswer => ({
  status: execution.status,
  func_return: execution.text,
  stdout: [],
  stderr: execution.status === "error" ? [execution.text] : [],
  agent_state: null,
  sandbox_config_fingerprint: null,
  content: execution.content,
  ...(execution.structuredContent === undefined ? {} : { structured_content: execution.structuredContent }),
  truncated: execution.truncated,
})

/** What is told of a run that is followed. The last is `result` or `error`. */
export const RunEventAnswer = Schema.Union([
  RunNotice,
  Schema.Struct({ event: Schema.Literal("result"), ...executionFields }),
])
export type RunEventAnswer = typeof RunEventAnswer.Type

export const toRunEventAnswer = (event: RunEvent): RunEventAnswer =>
  event.event === "result" ? { event: "result", ...toExecutionAnswer(event) } : event
