import type { MemoryOAuthClient } from "./MemoryOAuthClient.ts"

type AnswerBody = { readonly [name: string]: unknown }

/** What a token endpoint answered. */
export interface TokenAnswer {
  readonly status: number
  readonly body: AnswerBody
}

async function posted(url: string, form: Record<string, string>): Promise<TokenAnswer> {
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(form) })
  const text = await answer.text()
  const body: unknown = text === "" ? {} : JSON.parse(text)
  return { status: answer.status, body: isObject(body) ? body : {} }
}

/** Exchanges the code of a callback, once, whatever the answer is. */
export function exchanged(
  issuer: string,
  { client, redirectUrl }: MemoryOAuthClient,
  callback: URL,
  verifier: string,
): Promise<TokenAnswer> {
  return posted(`${issuer}/token`, {
    grant_type: "authorization_code",
    code: callback.searchParams.get("code") ?? "",
    code_verifier: verifier,
    redirect_uri: redirectUrl,
    client_id: client?.client_id ?? "",
  })
}

/** Refreshes with a refresh token, without the client's own ideas of what to do with the answer. */
export function refreshed(
  issuer: string,
  { client }: MemoryOAuthClient,
  refreshToken: unknown,
  more: Record<string, string> = {},
): Promise<TokenAnswer> {
  return posted(`${issuer}/token`, {
    grant_type: "refresh_token",
    refresh_token: String(refreshToken),
    client_id: client?.client_id ?? "",
    ...more,
  })
}

/** Revokes a token (RFC 7009). */
export function revoked(issuer: string, { client }: MemoryOAuthClient, token: unknown): Promise<TokenAnswer> {
  return posted(`${issuer}/revoke`, { token: String(token), client_id: client?.client_id ?? "" })
}

function isObject(value: unknown): value is AnswerBody {
  return typeof value === "object" && value !== null
}
