import * as HttpApi from "effect/http-api/HttpApi"
import { ConnectApi } from "./ConnectApi.ts"
import { HealthApi } from "./HealthApi.ts"
import { OAuthApi } from "./OAuthApi.ts"
import { ServersApi } from "./ServersApi.ts"
import { ServersByNameApi } from "./ServersByNameApi.ts"
import { ToolsApi } from "./ToolsApi.ts"

/** The REST API: one definition gives its routes, its validation and its OpenAPI document. */
export const Api = HttpApi.make("mooring")
  .add(ServersApi)
  .add(ToolsApi)
  .add(ConnectApi)
  .add(ServersByNameApi)
  .add(OAuthApi)
  .add(HealthApi)
