import type { JsonObject } from "../mcp-servers/TestTool.ts"
import type { AccessToken } from "./AccessTokens.ts"
import { DpopProofs } from "./DpopProofs.ts"
import type { ProtectedMcpServerOptions } from "./ProtectedMcpServerOptions.ts"

const metadataPath = "/.well-known/oauth-protected-resource"

/** Where the metadata of a resource are: the well-known part comes before its path (RFC 9728, section 3.1). */
export function resourceMetadataUrl(resource: string): string {
  const { origin, pathname } = new URL(resource)
  return origin + metadataPath + pathname
}

/**
 * What stands before a protected MCP server: undefined lets a request pass.
 *
 * @param setUser is told who sent a request that passes.
 */
export function bearerGuard(
  options: ProtectedMcpServerOptions,
  isRevoked: (token: AccessToken) => boolean,
): (request: Request, resource: string, setUser: (user: string) => void) => Promise<Response | undefined> {
  const { authorizationServer, challengeScope, dpopNonce, now = Date.now, toolScopes = {} } = options
  const proofs = new DpopProofs()

  const metadata = (resource: string): Response => {
    const document = {
      resource,
      authorization_servers: [authorizationServer.issuer],
      bearer_methods_supported: ["header"],
      ...(options.scopes === undefined ? {} : { scopes_supported: options.scopes }),
    }
    const served = options.resourceMetadata === undefined ? document : options.resourceMetadata(document)
    return served === undefined ? new Response(null, { status: 404 }) : Response.json(served)
  }

  const refuse = (status: 401 | 403, resource: string, parameters: Readonly<Record<string, string>>) => {
    const challenge = `Bearer ${Object.entries({
      ...parameters,
      resource_metadata: resourceMetadataUrl(resource),
    })
      .map(([name, value]) => `${name}="${value}"`)
      .join(", ")}`
    const sent = status === 401 && options.challenge !== undefined ? options.challenge(challenge) : challenge
    return Response.json(
      { error: parameters["error"] ?? "unauthorized" },
      { status, headers: sent === undefined ? {} : { "www-authenticate": sent } },
    )
  }

  const demandNonce = (nonce: string) =>
    Response.json(
      { error: "use_dpop_nonce" },
      { status: 401, headers: { "www-authenticate": 'DPoP error="use_dpop_nonce"', "dpop-nonce": nonce } },
    )

  const isGood = (token: AccessToken, resource: string): boolean =>
    token.expiresAt > now() &&
    !isRevoked(token) &&
    (token.audience === resource || (token.audience === undefined && !authorizationServer.namesAudience))

  return async (request, resource, setUser) => {
    if (request.url === resourceMetadataUrl(resource)) return metadata(resource)
    // Whoever looks for metadata elsewhere has no token yet, and finds that there are none.
    if (new URL(request.url).pathname.startsWith("/.well-known/")) return undefined
    const scope: Record<string, string> = challengeScope === undefined ? {} : { scope: challengeScope }
    const [, scheme, presented] =
      /^(bearer|dpop) (.+)$/i.exec(request.headers.get("authorization") ?? "") ?? []
    if (scheme === undefined && options.listsOpenly === true && (await calledTool(request)) === undefined) {
      return undefined
    }
    // RFC 6750, section 3.1: who presents nothing is told no error.
    if (scheme === undefined || presented === undefined) return refuse(401, resource, scope)
    const token = await authorizationServer.findAccessToken(presented)
    if (token === undefined || !isGood(token, resource)) {
      return refuse(401, resource, { error: "invalid_token", ...scope })
    }
    const problem = await proofs.problemOf(request, scheme, presented, token.keyThumbprint, dpopNonce?.())
    if (problem === "use_dpop_nonce") return demandNonce(dpopNonce?.() ?? "")
    if (problem !== undefined) return refuse(401, resource, { error: problem, ...scope })
    const demanded = toolScopes[(await calledTool(request)) ?? ""]
    if (demanded !== undefined && !token.scopes.includes(demanded)) {
      return refuse(403, resource, { error: "insufficient_scope", scope: demanded })
    }
    setUser(token.subject)
    return undefined
  }
}

/** The tool that a request calls, if it does. */
async function calledTool(request: Request): Promise<string | undefined> {
  if (request.method !== "POST") return undefined
  try {
    const message: unknown = await request.clone().json()
    if (!isObject(message) || message["method"] !== "tools/call" || !isObject(message["params"])) {
      return undefined
    }
    const { name } = message["params"]
    return typeof name === "string" ? name : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null
}
