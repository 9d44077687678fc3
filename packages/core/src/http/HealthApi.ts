import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Schema from "effect/Schema"

/** Whether the router answers: for probes, without an actor. */
export const HealthApi = HttpApiGroup.make("health").add(
  HttpApiEndpoint.get("health", "/v1/health/", {
    success: Schema.Struct({ version: Schema.String, status: Schema.String }).annotate({
      identifier: "Health",
    }),
  }),
)
