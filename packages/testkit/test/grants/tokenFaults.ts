import type { OAuthRequest } from "../../src/oauth/OAuthRequest.ts"

/** Where a fault happens. */
export interface Scene {
  /** An origin to which nothing may be sent. */
  readonly elsewhere: string
}

const mebibyte = 2 ** 20

const endless = () =>
  new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode(" ".repeat(mebibyte))),
  })

const echoOf = ({ body, headers }: OAuthRequest) =>
  `canary of the other side: ${headers["authorization"] ?? ""} ${body} ${decodeURIComponent(body)}`

const token = (value: unknown) => Response.json({ access_token: value, token_type: "Bearer" })

export interface TokenFault {
  /** What it means to whoever asked. */
  readonly code: string
  readonly answer: (request: OAuthRequest, scene: Scene) => Response | Promise<Response>
  /** How long it is to be waited for, where the fault is that nothing comes. */
  readonly timeoutMs?: number
}

/** What comes in place of a token. */
export const tokenFaults: Readonly<Record<string, TokenFault>> = {
  "an echo in an error": {
    code: "token_refused",
    answer: (request) =>
      Response.json({ error: "invalid_client", error_description: echoOf(request) }, { status: 401 }),
  },
  "an echo as text": {
    code: "token_refused",
    answer: (request) => new Response(echoOf(request), { status: 400 }),
  },
  "an echo that passes for success": {
    code: "token_refused",
    answer: (request) => new Response(echoOf(request), { headers: { "content-type": "application/json" } }),
  },
  "an echo in a fault of its own": {
    code: "authorization_server_unreachable",
    answer: (request) => new Response(echoOf(request), { status: 500 }),
  },
  "too many requests": {
    code: "authorization_server_unreachable",
    answer: () => new Response("slow down", { status: 429 }),
  },
  "a redirect that keeps the request": {
    code: "authorization_server_unreachable",
    answer: (_request, { elsewhere }) =>
      new Response(null, { status: 307, headers: { location: `${elsewhere}/token` } }),
  },
  "a redirect": {
    code: "authorization_server_unreachable",
    answer: (_request, { elsewhere }) =>
      new Response(null, { status: 302, headers: { location: `${elsewhere}/token` } }),
  },
  silence: {
    code: "authorization_server_unreachable",
    answer: () => new Promise<Response>(() => {}),
    timeoutMs: 300,
  },
  "60 KiB that are no JSON": {
    code: "token_refused",
    answer: () => new Response("x".repeat(60 * 1024)),
  },
  "10 MB that are no JSON": {
    code: "authorization_server_unreachable",
    answer: () => new Response("x".repeat(10 * mebibyte)),
  },
  "no end": {
    code: "authorization_server_unreachable",
    answer: () => new Response(endless(), { headers: { "content-type": "application/json" } }),
  },
  "a page": {
    code: "token_refused",
    answer: () => new Response("<h1>Welcome</h1>", { headers: { "content-type": "text/html" } }),
  },
  "no token": { code: "token_refused", answer: () => Response.json({ token_type: "Bearer" }) },
  "an empty token": { code: "token_refused", answer: () => token("") },
  "a token of a type of which we know nothing": {
    code: "token_refused",
    answer: () => Response.json({ access_token: "good", token_type: "mac" }),
  },
  "a token that is bound to a key of which we know nothing": {
    code: "token_refused",
    answer: () => Response.json({ access_token: "good", token_type: "DPoP" }),
  },
  "a token that is a number": { code: "token_refused", answer: () => token(1) },
  "a token with a line break": {
    code: "token_refused",
    answer: () => token("good\r\nx-injected: canary of the other side"),
  },
  "a token with NUL": { code: "token_refused", answer: () => token("good\0") },
  "a token that is not ASCII": { code: "token_refused", answer: () => token("gööd") },
}
