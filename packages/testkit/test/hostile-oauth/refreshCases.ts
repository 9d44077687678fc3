import type { MisbehavingAuthorizationServerKind } from "../../src/oauth/misbehavingAuthorizationServer.ts"

type RefreshKind = Extract<MisbehavingAuthorizationServerKind, `refresh_${string}`>

/** What becomes of the credential when its access token is over, and the authorization server does this. */
export const refreshCases: Readonly<Record<RefreshKind, "renewed" | "kept" | "removed">> = {
  refresh_hangs: "kept",
  refresh_answer_lost: "kept",
  refresh_status_503: "kept",
  refresh_garbage: "kept",
  refresh_endless: "kept",
  refresh_echoes_request: "removed",
  refresh_echoes_request_as_text: "removed",
  refresh_invalid_grant: "removed",
  refresh_invalid_client: "removed",
  refresh_redirect_to_other_origin: "kept",
  refresh_redirect_to_link_local: "kept",
  refresh_expires_in_zero: "renewed",
  refresh_expires_in_negative: "renewed",
  refresh_expires_in_huge: "renewed",
  refresh_expires_in_string: "renewed",
  refresh_without_scope: "renewed",
  refresh_without_refresh_token: "renewed",
}

export const isRefreshKind = (kind: MisbehavingAuthorizationServerKind): kind is RefreshKind =>
  kind.startsWith("refresh_")
