import { createHash } from "node:crypto"
import type { MisbehavingAuthorizationServer } from "../../src/oauth/misbehavingAuthorizationServer.ts"
import { signIn } from "../../src/oauth/signIn.ts"

const redirectUri = "http://127.0.0.1:9/callback"
const verifier = "a-verifier-that-is-long-enough-for-rfc-7636-indeed"

/** The answer of a registration. */
export function registered({ issuer }: MisbehavingAuthorizationServer): Promise<Response> {
  return fetch(`${issuer}/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ redirect_uris: [redirectUri], token_endpoint_auth_method: "none" }),
  })
}

/** The callback to which a user of a client is sent. */
export function calledBack(
  { issuer, mcpServer }: MisbehavingAuthorizationServer,
  clientId = "anybody",
): Promise<URL> {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    state: "the-state",
    scope: "mcp:read",
    resource: mcpServer.url,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  })
  return signIn(`${issuer}/authorize?${query.toString()}`)
}

/**
 * Goes by plain requests, without a client's ideas, to where a code or a refresh token is to be exchanged.
 *
 * @returns what sends that request, as often as it is called.
 */
export async function readyFor(request: "code" | "refresh", server: MisbehavingAuthorizationServer) {
  const registration = await fieldsOf(await registered(server))
  const client = {
    client_id: registration["client_id"] ?? "",
    ...(registration["client_secret"] === undefined ? {} : { client_secret: registration["client_secret"] }),
  }
  const code = (await calledBack(server, client.client_id)).searchParams.get("code") ?? ""
  const send = (form: Record<string, string>, signal?: AbortSignal) =>
    fetch(`${server.issuer}/token`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ ...client, ...form }),
      ...(signal === undefined ? {} : { signal }),
    })
  const withCode = {
    grant_type: "authorization_code",
    code,
    code_verifier: verifier,
    redirect_uri: redirectUri,
  }
  if (request === "code") {
    const secrets = [code, verifier, ...Object.values(client)]
    return { secrets, ask: (signal?: AbortSignal) => send(withCode, signal) }
  }
  const refreshToken = (await fieldsOf(await send(withCode)))["refresh_token"] ?? ""
  const secrets = [refreshToken, ...Object.values(client)]
  return {
    secrets,
    ask: (signal?: AbortSignal) => send({ grant_type: "refresh_token", refresh_token: refreshToken }, signal),
  }
}

/** The text fields of a JSON answer. */
async function fieldsOf(answer: Response): Promise<Record<string, string>> {
  const body: unknown = await answer.json()
  return Object.fromEntries(
    Object.entries(typeof body === "object" && body !== null ? body : {}).filter(
      (field): field is [string, string] => typeof field[1] === "string",
    ),
  )
}
