import type { AnswerFault, FaultScene, OAuthFault, OAuthFaults } from "./OAuthFaults.ts"
import { cutOff, padded, silence } from "./strangeResponses.ts"

/** What comes in place of an answer with tokens. */
export const tokenAnswerKinds = [
  "hangs",
  "answer_lost",
  "status_503",
  "garbage",
  "endless",
  "echoes_request",
  "echoes_request_as_text",
  "invalid_grant",
  "invalid_client",
  "redirect_to_other_origin",
  "redirect_to_link_local",
  "expires_in_zero",
  "expires_in_negative",
  "expires_in_huge",
  "expires_in_string",
] as const

export type TokenAnswerKind = (typeof tokenAnswerKinds)[number]

/** Each of them, for a code and for a refresh token. */
export type TokenFaultKind = `${"code" | "refresh"}_${TokenAnswerKind}`

const answers: Record<TokenAnswerKind, (scene: FaultScene) => AnswerFault> = {
  hangs: () => silence,
  answer_lost: () => (_request, right) => {
    right()
    return cutOff()
  },
  status_503: () => () => new Response("<h1>Service Unavailable</h1>", { status: 503 }),
  garbage: () => () => new Response("<p>Welcome", { headers: { "content-type": "application/json" } }),
  endless: () => (_request, right) => padded(right(), Infinity),
  echoes_request:
    () =>
    ({ body, headers }) =>
      Response.json(
        { error: "invalid_request", error_description: `${headers["authorization"] ?? ""} ${body}` },
        { status: 400 },
      ),
  echoes_request_as_text:
    () =>
    ({ body, headers }) =>
      new Response(`Cannot handle ${headers["authorization"] ?? ""} ${body}`, { status: 400 }),
  invalid_grant: () => () => Response.json({ error: "invalid_grant" }, { status: 400 }),
  invalid_client: () => () => Response.json({ error: "invalid_client" }, { status: 401 }),
  redirect_to_other_origin: ({ otherOrigin }) => redirect(`${otherOrigin}/token`),
  redirect_to_link_local: () => redirect("http://169.254.169.254/latest/meta-data/"),
  expires_in_zero: () => expiresIn(0),
  expires_in_negative: () => expiresIn(-3600),
  expires_in_huge: () => expiresIn(1e300),
  expires_in_string: () => expiresIn("3600"),
}

const secretive: ReadonlyArray<TokenAnswerKind> = ["echoes_request", "echoes_request_as_text"]

/** An answer in place of the one to a code, or to a refresh token. */
export function tokenFault(request: "code" | "refresh", kind: TokenAnswerKind): OAuthFault {
  return (scene): OAuthFaults => ({
    [request]: answers[kind](scene),
    // What can be echoed includes a client's secret.
    ...(secretive.includes(kind) ? { authMethod: "client_secret_post" } : {}),
  })
}

function redirect(location: string): AnswerFault {
  // 307 asks for the same request, with its body.
  return () => new Response(null, { status: 307, headers: { location } })
}

function expiresIn(value: number | string): AnswerFault {
  return (_request, right) => {
    const { body, status } = right()
    return Response.json({ ...body, expires_in: value }, { status })
  }
}

/** What only happens to a refresh. */
export const refreshFaultKinds = ["refresh_without_scope", "refresh_without_refresh_token"] as const

export type RefreshFaultKind = (typeof refreshFaultKinds)[number]

export const refreshFaults: Record<RefreshFaultKind, OAuthFault> = {
  refresh_without_scope: () => ({
    refresh: (_request, right) => {
      const { body, status } = right()
      return Response.json({ ...body, scope: undefined }, { status })
    },
  }),
  refresh_without_refresh_token: () => ({ keepsRefreshToken: true }),
}
