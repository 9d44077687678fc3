import { type KeyObject, randomBytes } from "node:crypto"
import { type ClientAuthMethod, type Configuration, errors } from "oidc-provider"
import type { AuthorizationServerOptions, TestClient } from "./AuthorizationServerOptions.ts"
import { escapeHtml, htmlPage } from "./htmlPage.ts"
import { interactionPath } from "./interactionPages.ts"
import { memoryAdapter } from "./memoryAdapter.ts"

/** The scopes of a server that was told none. */
export const defaultScopes: ReadonlyArray<string> = ["mcp:read", "mcp:write"]

const day = 24 * 60 * 60

/** What the configuration asks of the server that it is for. */
export interface ProviderSurroundings {
  readonly users: ReadonlyArray<string>
  readonly isResource: (resource: string) => boolean
  /** In the names of cookies, which browsers share between the ports of a host. */
  readonly port: string
  /** The path of the issuer, or the empty string. */
  readonly path: string
  /** An elliptic key on P-256. */
  readonly signingKey: KeyObject
}

/**
 * The options as `oidc-provider` takes them. Whatever it would print a warning for is set, be it to what it does
 * anyway: adapter, keys, lifetimes, pages, policies, the acknowledgement of a draft.
 */
export function providerConfiguration(
  options: AuthorizationServerOptions,
  { isResource, path, port, signingKey, users }: ProviderSurroundings,
): Configuration {
  const scopes = options.scopes ?? defaultScopes
  const { accessTokenFormat = "opaque", accessTokenSeconds = 3600, clientIdMetadataDocuments } = options
  const { refreshTokenRotation = { reuseGraceMs: 0 }, refreshTokens = "offline_access" } = options
  const { clients = [], dpop = false } = options
  const isAsked = (has: (client: TestClient) => boolean) => clients.some(has)
  return {
    adapter: memoryAdapter(refreshTokenRotation === false ? 0 : refreshTokenRotation.reuseGraceMs),
    clients: clients.map(toClientMetadata),
    clientDefaults: { id_token_signed_response_alg: "ES256" },
    clientAuthMethods: [
      "none",
      "client_secret_basic",
      "client_secret_post",
      ...(isAsked(({ publicKeys }) => publicKeys !== undefined) ? (["private_key_jwt"] as const) : []),
    ],
    clientBasedCORS: () => false,
    cookies: {
      names: {
        session: `session_${port}`,
        interaction: `interaction_${port}`,
        resume: `resume_${port}`,
      },
    },
    features: {
      clientCredentials: {
        enabled: isAsked(({ grantTypes }) => grantTypes?.includes("client_credentials") === true),
      },
      clientIdMetadataDocument: {
        enabled: clientIdMetadataDocuments !== undefined,
        ack: "draft-02",
      },
      devInteractions: { enabled: false },
      dPoP: {
        enabled: dpop !== false,
        ...(dpop === "with_nonce" ? { nonceSecret: randomBytes(32), requireNonce: () => true } : {}),
      },
      pushedAuthorizationRequests: { enabled: false },
      registration: { enabled: options.dynamicRegistration ?? true, issueRegistrationAccessToken: false },
      resourceIndicators: {
        enabled: options.resourceIndicators ?? true,
        getResourceServerInfo: (_ctx, resource) => {
          if (!isResource(resource)) throw new errors.InvalidTarget("there is no such resource")
          return { scope: scopes.join(" "), accessTokenFormat, accessTokenTTL: accessTokenSeconds }
        },
      },
      revocation: {
        enabled: options.revocation ?? true,
        // RFC 7009, section 2.1: a token that belongs to another client is refused.
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      rpInitiatedLogout: { enabled: false },
      // With it, a token request without `resource` would give a token for the user's claims instead.
      userinfo: { enabled: false },
    },
    fetch: (url) =>
      clientIdMetadataDocuments?.(String(url)) ?? Promise.reject(new Error("Nothing is fetched here")),
    findAccount: (_ctx, id) =>
      users.includes(id) ? { accountId: id, claims: () => ({ sub: id }) } : undefined,
    interactions: { url: (_ctx, { uid }) => `${path}${interactionPath}${uid}` },
    issueRefreshToken: (_ctx, client, code) =>
      client.grantTypeAllowed("refresh_token") &&
      (refreshTokens === "always" ||
        (refreshTokens === "offline_access" && code.scopes.has("offline_access"))),
    jwks: { keys: [{ ...signingKey.export({ format: "jwk" }), alg: "ES256", use: "sig" }] },
    pkce: { required: () => true },
    renderError: (ctx, { error, error_description: description }) => {
      ctx.type = "html"
      ctx.body = htmlPage(error, `<p>${escapeHtml(description ?? "")}</p>`)
    },
    responseTypes: ["code"],
    rotateRefreshToken: refreshTokenRotation !== false,
    routes: {
      authorization: "/authorize",
      registration: "/register",
      revocation: "/revoke",
      token: "/token",
    },
    scopes: ["openid", "offline_access", ...scopes],
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: 60,
      ClientCredentials: accessTokenSeconds,
      Grant: 14 * day,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: 14 * day,
      Session: 14 * day,
    },
  }
}

function toClientMetadata(client: TestClient) {
  const { clientId, clientSecret, grantTypes, publicKeys, redirectUris } = client
  return {
    client_id: clientId,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    ...(publicKeys === undefined ? {} : { jwks: { keys: [...publicKeys] } }),
    token_endpoint_auth_method: authMethodOf(client),
    redirect_uris: [...redirectUris],
    grant_types: [...(grantTypes ?? ["authorization_code", "refresh_token"])],
    response_types: redirectUris.length === 0 ? [] : ["code" as const],
  }
}

function authMethodOf({ authMethod, clientSecret, publicKeys }: TestClient): ClientAuthMethod {
  if (publicKeys !== undefined) return "private_key_jwt"
  return clientSecret === undefined ? "none" : (authMethod ?? "client_secret_basic")
}
