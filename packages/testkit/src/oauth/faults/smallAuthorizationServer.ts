import { createHash, randomUUID } from "node:crypto"
import type { JsonObject } from "../../mcp-servers/TestTool.ts"
import type { AccessTokens } from "../AccessTokens.ts"
import type { OAuthRequest } from "../OAuthRequest.ts"
import { type Grant, GrantedTokens } from "./GrantedTokens.ts"
import type { AnswerFault, OAuthAnswer, OAuthFaults } from "./OAuthFaults.ts"

/** An authorization server as a function. */
export interface SmallAuthorizationServer extends AccessTokens {
  /** Undefined at paths where it has nothing. */
  readonly answer: (request: OAuthRequest) => Response | Promise<Response> | undefined
}

interface Code extends Grant {
  readonly challenge: string
  readonly redirectUri: string
}

const metadataPath = "/.well-known/oauth-authorization-server"

/**
 * An authorization server in a page of code, which can be made to do what a real one can't. It asks nobody for consent:
 * `/authorize` sends straight back. A client that it does not know is a public one to it.
 */
export function smallAuthorizationServer(issuer: string, faults: OAuthFaults): SmallAuthorizationServer {
  const authMethod = faults.authMethod ?? "none"
  const tokens = new GrantedTokens()
  const codes = new Map<string, Code>()
  const secrets = new Map<string, string>()

  const metadata = (): OAuthAnswer => ({
    status: 200,
    body: {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      registration_endpoint: `${issuer}/register`,
      revocation_endpoint: `${issuer}/revoke`,
      scopes_supported: ["mcp:read", "mcp:write"],
      response_types_supported: ["code"],
      grant_types_supported: ["authorization_code", "refresh_token"],
      token_endpoint_auth_methods_supported: [authMethod],
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
    },
  })

  const register = (json: unknown): OAuthAnswer => {
    const clientId = `client-${randomUUID()}`
    const secret = authMethod === "none" ? undefined : `secret-${randomUUID()}`
    if (secret !== undefined) secrets.set(clientId, secret)
    return {
      status: 201,
      body: {
        ...(typeof json === "object" ? json : {}),
        client_id: clientId,
        ...(secret === undefined ? {} : { client_secret: secret, client_secret_expires_at: 0 }),
        token_endpoint_auth_method: authMethod,
      },
    }
  }

  const authorize = (query: OAuthRequest["query"]): Response => {
    const { client_id: clientId = "", redirect_uri: redirectUri = "", state } = query
    if (!URL.canParse(redirectUri)) return new Response("There is no way back", { status: 400 })
    const code = `code-${randomUUID()}`
    codes.set(code, {
      clientId,
      redirectUri,
      challenge: query["code_challenge"] ?? "",
      resource: query["resource"],
      scope: query["scope"] ?? "mcp:read",
    })
    const parameters = { code, ...(state === undefined ? {} : { state }), iss: issuer }
    const location = new URL(redirectUri)
    for (const [name, value] of Object.entries(faults.callback?.(parameters) ?? parameters)) {
      location.searchParams.set(name, value)
    }
    return new Response(null, { status: 302, headers: { location: location.href } })
  }

  /** The client that authenticates itself as it has to (RFC 6749, section 2.3.1). */
  const clientOf = ({ form, headers }: OAuthRequest): string | undefined => {
    const basic = /^basic (.+)$/i.exec(headers["authorization"] ?? "")?.[1]
    const [basicId = "", basicSecret] =
      basic === undefined ? [] : Buffer.from(basic, "base64").toString().split(":")
    const id = form["client_id"] ?? decodeURIComponent(basicId)
    const secret = authMethod === "client_secret_basic" ? basicSecret : form["client_secret"]
    return secrets.get(id) === secret ? id : undefined
  }

  const exchangeCode = (request: OAuthRequest): OAuthAnswer => {
    const client = clientOf(request)
    if (client === undefined) return refused("invalid_client", 401)
    const { code: presented = "", code_verifier: verifier = "", redirect_uri: redirectUri } = request.form
    const code = codes.get(presented)
    codes.delete(presented)
    const isGood =
      code !== undefined &&
      code.clientId === client &&
      code.redirectUri === redirectUri &&
      code.challenge === createHash("sha256").update(verifier).digest("base64url")
    return isGood ? { status: 200, body: tokens.issue(code, true) } : refused("invalid_grant")
  }

  const refresh = (request: OAuthRequest): OAuthAnswer => {
    const client = clientOf(request)
    if (client === undefined) return refused("invalid_client", 401)
    const { refresh_token: presented = "" } = request.form
    const grant = tokens.findRefresh(presented)
    if (grant === undefined || grant.clientId !== client) return refused("invalid_grant")
    if (faults.keepsRefreshToken !== true) tokens.revoke(presented)
    return { status: 200, body: tokens.issue(grant, faults.keepsRefreshToken !== true) }
  }

  const revoke = ({ form }: OAuthRequest): OAuthAnswer => {
    tokens.revoke(form["token"] ?? "")
    return { status: 200, body: {} }
  }

  const answer = (request: OAuthRequest) => {
    switch (`${request.method} ${request.path}`) {
      case `GET ${metadataPath}`:
        return faulty(faults.metadata, request, metadata)
      case "POST /register":
        return faulty(faults.registration, request, () => register(request.json))
      case "GET /authorize":
        return authorize(request.query)
      case "POST /token":
        return request.form["grant_type"] === "refresh_token"
          ? faulty(faults.refresh, request, () => refresh(request))
          : faulty(faults.code, request, () => exchangeCode(request))
      case "POST /revoke":
        return faulty(faults.revocation, request, () => revoke(request))
    }
    return undefined
  }

  return {
    issuer,
    namesAudience: false,
    get tokenCount() {
      return tokens.count
    },
    addResource: () => {},
    findAccessToken: async (token) => tokens.findAccess(token),
    answer,
  }
}

function faulty(fault: AnswerFault | undefined, request: OAuthRequest, right: () => OAuthAnswer) {
  if (fault !== undefined) return fault(request, right)
  const { body, status } = right()
  return Response.json(body, { status })
}

function refused(error: string, status = 400): OAuthAnswer {
  const body: JsonObject = { error }
  return { status, body }
}
