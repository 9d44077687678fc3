import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Schema from "effect/Schema"
import { bodyErrors, Conflict, Forbidden, NotFound, ServiceUnavailable, upstreamErrors } from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { FlatServer } from "./ConnectWire.ts"
import { FlatServerAnswer, UpdateFlatServer } from "./FlatServerWire.ts"
import { McpToolAnswer, NamedExecutionAnswer, TestAnswer } from "./McpToolWire.ts"
import { RequestValidation } from "./RequestValidation.ts"
import { RefreshAnswer, RunTool, ToolAnswer } from "./ToolWire.ts"

const ServerPath = { mcp_server_name: Schema.String }

/**
 * The registered MCP servers by their names: the calls of Letta's clients before 1.0, over the same services. Their
 * routes are the more general ones: `/connect`, `/test` and `/{name}/resync` win over a tool that is called so.
 */
export const ServersByNameApi = HttpApiGroup.make("mcp_servers_by_name")
  .add(
    HttpApiEndpoint.get("listByName", "/v1/tools/mcp/servers", {
      success: Schema.Record(Schema.String, FlatServerAnswer),
      error: [ServiceUnavailable],
    }),
    HttpApiEndpoint.put("add", "/v1/tools/mcp/servers", {
      payload: FlatServer,
      success: Schema.Array(FlatServerAnswer),
      error: [...bodyErrors, Forbidden, Conflict, ServiceUnavailable],
    }),
    HttpApiEndpoint.patch("updateByName", "/v1/tools/mcp/servers/:mcp_server_name", {
      params: ServerPath,
      payload: UpdateFlatServer,
      success: FlatServerAnswer,
      error: [...bodyErrors, Forbidden, NotFound, Conflict, ServiceUnavailable],
    }),
    HttpApiEndpoint.delete("deleteByName", "/v1/tools/mcp/servers/:mcp_server_name", {
      params: ServerPath,
      success: Schema.Array(FlatServerAnswer),
      error: [NotFound, ServiceUnavailable],
    }),
    HttpApiEndpoint.post("test", "/v1/tools/mcp/servers/test", {
      payload: FlatServer,
      success: TestAnswer,
      error: [...bodyErrors, ...upstreamErrors, ServiceUnavailable],
    }),
    HttpApiEndpoint.post("resync", "/v1/tools/mcp/servers/:mcp_server_name/resync", {
      params: ServerPath,
      query: { agent_id: Schema.optionalKey(Schema.String) },
      success: RefreshAnswer,
      error: [...upstreamErrors, NotFound, Conflict, ServiceUnavailable],
    }),
    HttpApiEndpoint.get("listToolsByName", "/v1/tools/mcp/servers/:mcp_server_name/tools", {
      params: ServerPath,
      success: Schema.Array(McpToolAnswer),
      error: [...upstreamErrors, NotFound, Conflict, ServiceUnavailable],
    }),
    HttpApiEndpoint.post("addTool", "/v1/tools/mcp/servers/:mcp_server_name/:mcp_tool_name", {
      params: { ...ServerPath, mcp_tool_name: Schema.String },
      success: ToolAnswer,
      error: [...upstreamErrors, NotFound, Conflict, ServiceUnavailable],
    }),
    HttpApiEndpoint.post("execute", "/v1/tools/mcp/servers/:mcp_server_name/tools/:tool_name/execute", {
      params: { ...ServerPath, tool_name: Schema.String },
      payload: RunTool,
      success: NamedExecutionAnswer,
      error: [...bodyErrors, ...upstreamErrors, NotFound, Conflict, ServiceUnavailable],
    }),
  )
  .middleware(RequestValidation)
  .middleware(Authentication)
