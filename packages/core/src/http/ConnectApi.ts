import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Schema from "effect/Schema"
import { ConnectEvent } from "../connect/ConnectEvent.ts"
import { bodyErrors, NotFound, ServiceUnavailable } from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { FlatServer } from "./ConnectWire.ts"
import { RequestValidation } from "./RequestValidation.ts"

/** Below it a GET connects. */
export const connectPath = "/v1/mcp-servers/connect/"

const events = HttpApiSchema.StreamSse({ data: ConnectEvent })

/** Connecting to MCP servers, told as a stream of events. */
export const ConnectApi = HttpApiGroup.make("mcp_connect")
  .add(
    HttpApiEndpoint.post("connect", "/v1/tools/mcp/servers/connect", {
      payload: FlatServer,
      success: events,
      error: [...bodyErrors],
    }),
    HttpApiEndpoint.get("connectServer", `${connectPath}:mcp_server_id`, {
      params: { mcp_server_id: Schema.String },
      success: events,
      error: [NotFound, ServiceUnavailable],
    }),
  )
  .middleware(RequestValidation)
  .middleware(Authentication)
