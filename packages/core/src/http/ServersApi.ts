import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Schema from "effect/Schema"
import {
  bodyErrors,
  Conflict,
  Forbidden,
  NotFound,
  ServiceUnavailable,
  UnprocessableContent,
  upstreamErrors,
} from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { AuditRecordAnswer } from "./AuditWire.ts"
import { RequestValidation } from "./RequestValidation.ts"
import { ServerHealthAnswer } from "./ServerHealthWire.ts"
import { CreateServer, ServerAnswer, UpdateServer } from "./ServerWire.ts"
import { RefreshAnswer } from "./ToolWire.ts"

const ServerPath = { mcp_server_id: Schema.String }

const PageLimit = Schema.optionalKey(
  Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 10_000 })),
)

/** The registered MCP servers. */
export const ServersApi = HttpApiGroup.make("mcp_servers")
  .add(
    HttpApiEndpoint.post("create", "/v1/mcp-servers/", {
      payload: CreateServer,
      success: ServerAnswer,
      error: [...bodyErrors, Forbidden, Conflict, ServiceUnavailable],
    }),
    HttpApiEndpoint.get("list", "/v1/mcp-servers/", {
      query: {
        limit: PageLimit,
        after: Schema.optionalKey(Schema.String),
      },
      success: Schema.Array(ServerAnswer),
      error: [UnprocessableContent, ServiceUnavailable],
    }),
    HttpApiEndpoint.get("retrieve", "/v1/mcp-servers/:mcp_server_id", {
      params: ServerPath,
      success: ServerAnswer,
      error: [NotFound, ServiceUnavailable],
    }),
    HttpApiEndpoint.get("health", "/v1/mcp-servers/:mcp_server_id/health", {
      params: ServerPath,
      success: ServerHealthAnswer,
      error: [NotFound, ServiceUnavailable],
    }),
    HttpApiEndpoint.get("audit", "/v1/mcp-servers/:mcp_server_id/audit", {
      params: ServerPath,
      query: { limit: PageLimit, before: Schema.optionalKey(Schema.String) },
      success: Schema.Array(AuditRecordAnswer),
      error: [UnprocessableContent, NotFound, ServiceUnavailable],
    }),
    HttpApiEndpoint.patch("update", "/v1/mcp-servers/:mcp_server_id", {
      params: ServerPath,
      payload: UpdateServer,
      success: ServerAnswer,
      error: [...bodyErrors, Forbidden, NotFound, Conflict, ServiceUnavailable],
    }),
    HttpApiEndpoint.delete("delete", "/v1/mcp-servers/:mcp_server_id", {
      params: ServerPath,
      success: HttpApiSchema.NoContent,
      error: [NotFound, ServiceUnavailable],
    }),
    HttpApiEndpoint.delete("signOut", "/v1/mcp-servers/:mcp_server_id/credential", {
      params: ServerPath,
      success: HttpApiSchema.NoContent,
      error: [NotFound, ServiceUnavailable],
    }),
    HttpApiEndpoint.patch("refresh", "/v1/mcp-servers/:mcp_server_id/refresh", {
      params: ServerPath,
      query: { agent_id: Schema.optionalKey(Schema.String) },
      success: RefreshAnswer,
      error: [...upstreamErrors, NotFound, Conflict, ServiceUnavailable],
    }),
  )
  .middleware(RequestValidation)
  .middleware(Authentication)
