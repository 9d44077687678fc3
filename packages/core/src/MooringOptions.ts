import type * as Layer from "effect/Layer"
import type * as LogLevel from "effect/LogLevel"
import type { Actor } from "./actors/Actor.ts"
import type { ResolveActor } from "./actors/ActorResolver.ts"
import type { TokenAudience } from "./oauth/IdentityTokens.ts"
import type { OptionsInput } from "./Options.ts"
import type { ClientFeatureHandlers } from "./serverRequests/ClientFeatures.ts"
import type { Policies, Stores } from "./Services.ts"
import type { Transports } from "./transport/Transports.ts"

/** What a host sets up. Only `actor` must be said. */
export interface MooringOptions<HostRequest = never> extends OptionsInput, ClientFeatureHandlers {
  /**
   * Who a request acts for: a function that finds it on the request, or `"single-user"` for an application that has
   * no users of its own. There is no default, because a wrong one would show everything to everybody.
   */
  readonly actor: "single-user" | ResolveActor<HostRequest>
  /**
   * Where everything is kept: `sqliteStores(…)` of `@mooring/storage-sqlite`, `postgresStores(…)` of
   * `@mooring/storage-postgres`, or stores of your own. Default: in this process, until it ends.
   */
  readonly stores?: Layer.Layer<Stores, Error> | undefined
  /** How MCP servers are connected to. Default: by stdio and HTTP; tests put servers of their own process here. */
  readonly transports?: Layer.Layer<Transports, Error, Policies> | undefined
  /**
   * The JWT of the machine that this runs on, made for that authorization server: for the grants of the type
   * `workload_identity` in the option `oauth.grants`.
   */
  readonly workloadToken?: ((audience: TokenAudience) => Promise<string | undefined>) | undefined
  /**
   * The ID token that the enterprise's identity provider gave to a user when they signed in to the host, if there is
   * any: for the grants of the type `enterprise_managed` in the option `oauth.grants`.
   */
  readonly identityToken?:
    | ((actor: Actor, audience: TokenAudience) => Promise<string | undefined>)
    | undefined
  /** What is written to the standard error. Default: `"Warn"` and above; `"Info"` has a line for each event. */
  readonly logLevel?: LogLevel.LogLevel | undefined
  /** How it is written: for people, or as one JSON object a line. Default: `"text"`. */
  readonly logFormat?: "json" | "text" | undefined
  /**
   * Has spans made and metrics counted, for `otlp(…)` or a layer of your own that sets up a tracer. Default: none, at no
   * cost.
   */
  readonly telemetry?: Layer.Layer<never, Error> | undefined
}
