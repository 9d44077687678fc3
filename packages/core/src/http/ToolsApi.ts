import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Schema from "effect/Schema"
import { bodyErrors, Conflict, NotFound, ServiceUnavailable, upstreamErrors } from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { RequestValidation } from "./RequestValidation.ts"
import { ApproveTool, ExecutionAnswer, RunEventAnswer, RunTool, ToolAnswer } from "./ToolWire.ts"

const ServerPath = { mcp_server_id: Schema.String }
const ToolPath = { ...ServerPath, tool_id: Schema.String }

/** The tools of a registered MCP server. */
export const ToolsApi = HttpApiGroup.make("mcp_server_tools")
  .add(
    HttpApiEndpoint.get("listTools", "/v1/mcp-servers/:mcp_server_id/tools", {
      params: ServerPath,
      success: Schema.Array(ToolAnswer),
      error: [NotFound, ServiceUnavailable],
    }),
    HttpApiEndpoint.get("retrieveTool", "/v1/mcp-servers/:mcp_server_id/tools/:tool_id", {
      params: ToolPath,
      success: ToolAnswer,
      error: [NotFound, ServiceUnavailable],
    }),
    HttpApiEndpoint.post("runTool", "/v1/mcp-servers/:mcp_server_id/tools/:tool_id/run", {
      params: ToolPath,
      payload: RunTool,
      success: [ExecutionAnswer, HttpApiSchema.StreamSse({ data: RunEventAnswer })],
      error: [...bodyErrors, ...upstreamErrors, NotFound, Conflict, ServiceUnavailable],
    }),
    HttpApiEndpoint.post("approveTool", "/v1/mcp-servers/:mcp_server_id/tools/:tool_id/approve", {
      params: ToolPath,
      payload: ApproveTool,
      success: ToolAnswer,
      error: [...bodyErrors, NotFound, Conflict, ServiceUnavailable],
    }),
  )
  .middleware(RequestValidation)
  .middleware(Authentication)
