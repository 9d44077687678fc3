import type { MisbehavingAuthorizationServerKind } from "../../src/oauth/misbehavingAuthorizationServer.ts"

/** What is to come of a connect. */
export interface ConnectCase {
  /** `success`, or the code of the event `error`. */
  readonly end: string
  /** The last thing that the authorization server may be asked. */
  readonly last: "metadata" | "/register" | "/authorize" | "/token"
  /** The status of the callback's page, where there is one. */
  readonly page?: number
}

const good: ConnectCase = { end: "success", last: "/token", page: 200 }
const atMetadata = (end: string): ConnectCase => ({ end, last: "metadata" })
const atCode = (end: string): ConnectCase => ({ end, last: "/token", page: 502 })
/** The true answer may still come, until the time is over. */
const ofAnother: ConnectCase = { end: "authorization_expired", last: "/authorize", page: 400 }

type ConnectKind = Exclude<MisbehavingAuthorizationServerKind, `refresh_${string}`>

/** Every kind that matters before there is a token, and those of revocation. */
export const connectCases: Readonly<Record<ConnectKind, ConnectCase>> = {
  no_metadata: atMetadata("discovery_failed"),
  no_server_metadata: atMetadata("discovery_failed"),
  resource_metadata_of_another_resource: atMetadata("resource_mismatch"),
  resource_metadata_private_address: atMetadata("network_forbidden"),
  challenge_without_parameters: good,
  metadata_of_another_issuer: atMetadata("issuer_mismatch"),
  metadata_huge: atMetadata("authorization_server_unreachable"),
  metadata_endless: atMetadata("authorization_server_unreachable"),
  metadata_hangs: atMetadata("authorization_server_unreachable"),
  pkce_not_advertised: atMetadata("pkce_not_supported"),
  pkce_plain_only: atMetadata("pkce_not_supported"),
  authorization_endpoint_http: atMetadata("unsafe_endpoint"),
  authorization_endpoint_custom_scheme: atMetadata("unsafe_endpoint"),
  authorization_endpoint_javascript: atMetadata("unsafe_endpoint"),
  authorization_endpoint_userinfo: atMetadata("unsafe_endpoint"),
  authorization_endpoint_control_characters: atMetadata("unsafe_endpoint"),
  token_endpoint_http: atMetadata("unsafe_endpoint"),
  registration_refused: { end: "registration_failed", last: "/register" },
  registration_hangs: { end: "authorization_server_unreachable", last: "/register" },
  registration_secret_basic: good,
  registration_secret_post: good,
  callback_of_another_issuer: ofAnother,
  callback_without_issuer: ofAnother,
  callback_error_of_another_issuer: ofAnother,
  callback_error_with_markup: { end: "access_denied", last: "/authorize", page: 200 },
  revocation_refused: good,
  revocation_hangs: good,
  code_hangs: atCode("authorization_server_unreachable"),
  code_answer_lost: atCode("authorization_server_unreachable"),
  code_status_503: atCode("token_refused"),
  code_garbage: atCode("token_refused"),
  code_endless: atCode("authorization_server_unreachable"),
  code_echoes_request: atCode("token_refused"),
  code_echoes_request_as_text: atCode("token_refused"),
  code_invalid_grant: atCode("token_refused"),
  code_invalid_client: atCode("token_refused"),
  code_redirect_to_other_origin: atCode("token_refused"),
  code_redirect_to_link_local: atCode("token_refused"),
  code_expires_in_zero: good,
  code_expires_in_negative: good,
  code_expires_in_huge: good,
  code_expires_in_string: good,
}
