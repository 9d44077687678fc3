import type { OAuthFault } from "./OAuthFaults.ts"
import { silence } from "./strangeResponses.ts"

/** What happens to clients and users before there is a token, and after. */
export const clientFaultKinds = [
  "registration_refused",
  "registration_hangs",
  "registration_secret_basic",
  "registration_secret_post",
  "callback_of_another_issuer",
  "callback_without_issuer",
  "callback_error_of_another_issuer",
  "callback_error_with_markup",
  "revocation_refused",
  "revocation_hangs",
] as const

export type ClientFaultKind = (typeof clientFaultKinds)[number]

const another = { iss: "https://honest.example" }

export const clientFaults: Record<ClientFaultKind, OAuthFault> = {
  registration_refused: () => ({
    registration: () =>
      Response.json(
        { error: "invalid_redirect_uri", error_description: "We do not know you" },
        { status: 400 },
      ),
  }),
  registration_hangs: () => ({ registration: silence }),
  registration_secret_basic: () => ({ authMethod: "client_secret_basic" }),
  registration_secret_post: () => ({ authMethod: "client_secret_post" }),
  callback_of_another_issuer: () => ({ callback: (parameters) => ({ ...parameters, ...another }) }),
  callback_without_issuer: () => ({ callback: ({ iss: _iss, ...parameters }) => parameters }),
  callback_error_of_another_issuer: () => ({
    callback: ({ code: _code, ...parameters }) => ({ ...parameters, error: "access_denied", ...another }),
  }),
  callback_error_with_markup: () => ({
    callback: ({ code: _code, ...parameters }) => ({
      ...parameters,
      error: "<script>alert(1)</script>",
      error_description: '<img src=x onerror="alert(2)"> Call +1 555 0100 to sign in',
    }),
  }),
  revocation_refused: () => ({ revocation: () => new Response("Not now", { status: 503 }) }),
  revocation_hangs: () => ({ revocation: silence }),
}
