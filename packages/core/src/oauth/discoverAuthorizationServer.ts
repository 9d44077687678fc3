import {
  type AuthorizationServerMetadata,
  checkResourceAllowed,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  resourceUrlFromServerUrl,
} from "@modelcontextprotocol/client"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { askAuthorizationServer, type OAuthFetch } from "./askAuthorizationServer.ts"
import { AuthorizationFailed } from "./AuthorizationFailed.ts"
import type { AuthorizationServer } from "./AuthorizationServer.ts"
import { authorizationServersToAsk } from "./authorizationServersToAsk.ts"
import type { Challenge } from "../transport/Challenge.ts"
import { checkEndpoint } from "./checkEndpoint.ts"
import { dpopAlgorithm } from "./dpop.ts"
import { joinScopes } from "./joinScopes.ts"

/** By which means it is found out. */
export interface Discovery {
  readonly fetch: OAuthFetch
  /** For each answer. */
  readonly timeoutMs: number
  /** The option of that name: whether an MCP server that says nothing is one of the revision 2025-03-26. */
  readonly serversWithoutMetadata: boolean
  /** Issuers at which we are known beforehand: of several authorization servers, one of these is taken. */
  readonly known: ReadonlyArray<string>
}

/** What an MCP server says about how to sign in to it. */
export interface Discovered {
  readonly authorizationServer: AuthorizationServer
  /** What `resource` says in the requests (RFC 8707); null where the MCP server has no metadata of its own. */
  readonly resourceIndicator: string | null
  /** What the MCP server asks for, where that is known: the challenge's scopes come first. */
  readonly scope: string | null
  /** Whether it protects codes as it must (PKCE with S256, RFC 7636). */
  readonly supportsPkce: boolean
}

/**
 * Finds the authorization server of an MCP server: by the protected resource's metadata (RFC 9728), then the
 * authorization server's (RFC 8414, OpenID Connect Discovery). What a server does not say is not guessed, unless the host
 * has that wish.
 */
export const discoverAuthorizationServer = Effect.fnUntraced(function* (
  { fetch, known, serversWithoutMetadata, timeoutMs }: Discovery,
  serverUrl: string,
  challenge: Challenge,
) {
  const ask = <A>(discover: (fetch: OAuthFetch) => Promise<A>) =>
    askAuthorizationServer(fetch, timeoutMs, undiscovered, (fetch) =>
      discover(async (input, init) => checkedAsWritten(await fetch(input, init))),
    )
  const resourceMetadata = yield* ask((fetch) =>
    discoverOAuthProtectedResourceMetadata(
      serverUrl,
      challenge.resourceMetadataUrl === null
        ? {}
        : { resourceMetadataUrl: new URL(challenge.resourceMetadataUrl) },
      fetch,
    ).catch((error: unknown) => {
      // One that was not reached is not one that has none.
      if (error instanceof TypeError) throw error
      return undefined
    }),
  )
  // MCP 2025-03-26 has the MCP server be its own authorization server.
  const named = resourceMetadata?.authorization_servers ?? []
  const found = yield* firstOf(
    authorizationServersToAsk(named.length === 0 ? [new URL("/", serverUrl).href] : named, known),
    (server) => ask((fetch) => discoverAuthorizationServerMetadata(server, { fetchFn: fetch })),
  )
  const isSilent = found === undefined && resourceMetadata === undefined
  const metadata = isSilent && serversWithoutMetadata ? defaultMetadata(serverUrl) : found
  if (metadata === undefined) return yield* new AuthorizationFailed(undiscovered)

  if (
    resourceMetadata !== undefined &&
    !checkResourceAllowed({
      requestedResource: resourceUrlFromServerUrl(serverUrl),
      configuredResource: resourceMetadata.resource,
    })
  ) {
    return yield* new AuthorizationFailed({
      code: "resource_mismatch",
      problem:
        "What the MCP server says about signing in is meant for another server. Check its URL, or tell its operator.",
    })
  }
  const authorizationServer = toAuthorizationServer(metadata)
  for (const endpoint of [authorizationServer.authorizationEndpoint, authorizationServer.tokenEndpoint]) {
    yield* checkEndpoint(endpoint)
  }
  const discovered: Discovered = {
    authorizationServer,
    resourceIndicator: resourceMetadata?.resource ?? null,
    scope: scopeToAsk(challenge, resourceMetadata?.scopes_supported),
    supportsPkce: metadata.code_challenge_methods_supported?.includes("S256") === true,
  }
  return discovered
})

/** What the first one says that says anything, or what is wrong with the first of all. */
const firstOf = Effect.fnUntraced(function* (
  servers: ReadonlyArray<string>,
  discover: (server: string) => Effect.Effect<AuthorizationServerMetadata | undefined, AuthorizationFailed>,
) {
  let failure: AuthorizationFailed | undefined
  for (const server of servers) {
    const result = yield* Effect.result(discover(server))
    if (Result.isFailure(result)) failure ??= result.failure
    else if (result.success !== undefined) return result.success
  }
  if (failure !== undefined) return yield* failure
  return undefined
})

/**
 * Metadata whose endpoints are safe as they are written. The MCP client's schema drops tabs and line breaks from them
 * before anybody else sees them, and takes a `javascript:` URL for a document that is none at all.
 */
const checkedAsWritten = async (response: Response): Promise<Response> => {
  const document: unknown = response.ok ? await response.clone().json().catch(ignore) : undefined
  if (typeof document !== "object" || document === null) return response
  for (const name of ["authorization_endpoint", "token_endpoint"]) {
    const endpoint = textIn(document, name)
    if (endpoint !== null) await Effect.runPromise(checkEndpoint(endpoint))
  }
  return response
}

/** What is no JSON is for the MCP client to refuse. */
const ignore = () => undefined

const undiscovered = {
  code: "discovery_failed",
  problem:
    "The MCP server wants authorization, but does not say where to get it. Set an auth_token or header for it, or tell its operator.",
} as const

/** MCP 2025-03-26, basic/authorization, section 2.3.3: that revision demands PKCE of both sides. */
const defaultMetadata = (serverUrl: string): AuthorizationServerMetadata => ({
  issuer: new URL(serverUrl).origin,
  authorization_endpoint: new URL("/authorize", serverUrl).href,
  token_endpoint: new URL("/token", serverUrl).href,
  registration_endpoint: new URL("/register", serverUrl).href,
  response_types_supported: ["code"],
  code_challenge_methods_supported: ["S256"],
})

const toAuthorizationServer = (metadata: AuthorizationServerMetadata): AuthorizationServer => ({
  issuer: metadata.issuer,
  authorizationEndpoint: metadata.authorization_endpoint,
  tokenEndpoint: metadata.token_endpoint,
  registrationEndpoint: metadata.registration_endpoint ?? null,
  revocationEndpoint: textIn(metadata, "revocation_endpoint"),
  tokenEndpointAuthMethods: metadata.token_endpoint_auth_methods_supported ?? [],
  scopes: metadata.scopes_supported ?? [],
  takesClientIdMetadataDocument: metadata.client_id_metadata_document_supported === true,
  takesDpop: textsIn(metadata, "dpop_signing_alg_values_supported").includes(dpopAlgorithm),
  promisesIssuer: metadata.authorization_response_iss_parameter_supported === true,
})

const textsIn = (metadata: object, name: string): ReadonlyArray<unknown> => {
  const value: unknown = Reflect.get(metadata, name)
  return Array.isArray(value) ? value : []
}

const textIn = (metadata: object, name: string): string | null => {
  const value: unknown = Reflect.get(metadata, name)
  return typeof value === "string" ? value : null
}

/**
 * The scopes of the challenge, or else all that the MCP server names (MCP 2025-11-25, basic/authorization, scope
 * selection).
 */
const scopeToAsk = (challenge: Challenge, ofResource: ReadonlyArray<string> | undefined): string | null =>
  joinScopes(challenge.scope ?? ofResource)
