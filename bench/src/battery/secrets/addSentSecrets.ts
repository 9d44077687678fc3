import type { OAuthRequest, ProtectedMcpServer } from "@mooring/testkit"
import type { Canaries } from "./Canaries.ts"

/** What an authorization server is sent that nobody else may have. */
const fields = [
  "assertion",
  "client_assertion",
  "client_secret",
  "code",
  "code_verifier",
  "refresh_token",
  "token",
]

/** Takes down the secrets that authorization servers were sent. */
export const addSentSecrets = (canaries: Canaries, requests: ReadonlyArray<OAuthRequest>): void => {
  for (const { form, headers, path } of requests) {
    for (const name of fields) {
      const value = form[name]
      const kind = name === "token" ? form["token_type_hint"] : name
      if (value !== undefined) canaries.add(`${kind} ${value.slice(-4)}`, value)
    }
    const basic = /^Basic (.+)$/i.exec(headers["authorization"] ?? "")?.[1]
    if (basic === undefined) continue
    const secret = decodeURIComponent(Buffer.from(basic, "base64").toString().split(":")[1] ?? "")
    if (secret !== "") canaries.add(`client_secret at ${path}`, secret)
  }
}

/** Takes down the access tokens that MCP servers were sent. */
export const addSentTokens = (
  canaries: Canaries,
  requests: ReadonlyArray<Pick<ProtectedMcpServer["requests"][number], "headers">>,
): void => {
  for (const { headers } of requests) {
    const token = /^(?:Bearer|DPoP) (.+)$/.exec(headers.authorization ?? "")?.[1]
    if (token !== undefined) canaries.add(`access token ${token.slice(-4)}`, token)
  }
}
