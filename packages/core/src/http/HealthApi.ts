import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Schema from "effect/Schema"

export const healthPath = "/v1/health/"

/** Whether the router answers: for probes, without an actor. */
export const HealthApi = HttpApiGroup.make("health").add(
  HttpApiEndpoint.get("health", healthPath, {
    success: Schema.Struct({ version: Schema.String, status: Schema.String }).annotate({
      identifier: "Health",
    }),
  }),
)
