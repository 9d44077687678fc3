import * as Effect from "effect/Effect"
import { addressAttributes } from "../telemetry/attributes.ts"
import { logEvent } from "../telemetry/logEvent.ts"
import { observe } from "../telemetry/observe.ts"
import type { AuthorizationFailed } from "./AuthorizationFailed.ts"
import type { Credential } from "./Credential.ts"

/** Shows how an authorization server is asked for new tokens. */
export const observeRenewal = <A, R>(
  { authorizationServer, organizationId, userId }: Credential,
  renewal: Effect.Effect<A, AuthorizationFailed, R>,
): Effect.Effect<A, AuthorizationFailed, R> => {
  const owner = { organization: organizationId, user: userId }
  return observe(
    () => ({
      name: "mooring.credential.renew",
      kind: "client",
      attributes: () => addressAttributes(URL.parse(authorizationServer.issuer)),
      errorTypeOf: ({ code }) => code,
    }),
    () => renewal,
  ).pipe(
    Effect.tap(() => logEvent("credential_renewed", owner)),
    Effect.tapError(({ code }) => logEvent("credential_renewal_failed", { error_type: code, ...owner })),
  )
}
