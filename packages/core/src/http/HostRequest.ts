import * as Context from "effect/Context"

/** The host's own request (Express's `req`, Koa's `ctx`, Node's `IncomingMessage`), handed on to the actor resolver. */
export const HostRequest = Context.Reference<unknown>("@mooring/core/http/HostRequest", {
  defaultValue: () => undefined,
})
