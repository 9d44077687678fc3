import { generateKeyPair, jwtVerify, type JWTVerifyOptions, SignJWT } from "jose"
import { listenForOAuth } from "./listenForOAuth.ts"
import type { OAuthRequest } from "./OAuthRequest.ts"

/** What an identity provider for tests can be told. */
export interface IdentityProviderOptions {
  /** As whom the host is registered there. */
  readonly clientId: string
  readonly clientSecret: string
  /** As whom the same host is registered at the authorization servers of MCP servers. */
  readonly clientIdElsewhere: string
  /** Called first with every request: a response that it returns is sent in place of the provider's. */
  readonly intercept?: (request: OAuthRequest) => Response | undefined | Promise<Response | undefined>
}

/** The identity provider of an enterprise, which says who its users are, also to the authorization servers of others. */
export interface TestIdentityProvider extends AsyncDisposable {
  readonly tokenEndpoint: string
  readonly requests: ReadonlyArray<OAuthRequest>
  /** The ID token of a user who has signed in to the host by it. */
  idToken(user: string): Promise<string>
  /** The user of an assertion that it made for an authorization server and a client there; undefined where it is not good. */
  readonly userOf: (assertion: string, issuer: string, clientId: string) => Promise<string | undefined>
  close(): Promise<void>
}

const tokenType = "urn:ietf:params:oauth:token-type:"
const assertionType = "oauth-id-jag+jwt"

/**
 * A small one: it exchanges ID tokens for identity assertions (ID-JAG; RFC 8693, MCP's enterprise-managed
 * authorization), which no authorization server in the registry does.
 */
export async function identityProvider(options: IdentityProviderOptions): Promise<TestIdentityProvider> {
  const { clientId, clientIdElsewhere, clientSecret, intercept } = options
  const { privateKey, publicKey } = await generateKeyPair("ES256")
  const listener = await listenForOAuth(async (request) => {
    const intercepted = await intercept?.(request)
    return intercepted ?? (await exchange(request))
  })
  const issuer = listener.origin

  const sign = (claims: Record<string, string>, user: string, audience: string, typ: string) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "ES256", typ })
      .setIssuer(issuer)
      .setSubject(user)
      .setAudience(audience)
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(privateKey)

  const read = async (token: string, expected: JWTVerifyOptions) => {
    try {
      const { payload } = await jwtVerify(token, publicKey, { issuer, ...expected })
      return payload
    } catch {
      return undefined
    }
  }

  const exchange = async ({ form, method, path }: OAuthRequest): Promise<Response> => {
    if (`${method} ${path}` !== "POST /token") return new Response(null, { status: 404 })
    if (form["client_id"] !== clientId || form["client_secret"] !== clientSecret) {
      return Response.json({ error: "invalid_client" }, { status: 401 })
    }
    const { audience = "", resource = "", scope = "", subject_token: subjectToken = "" } = form
    const isForThis =
      form["grant_type"] === "urn:ietf:params:oauth:grant-type:token-exchange" &&
      form["requested_token_type"] === `${tokenType}id-jag` &&
      form["subject_token_type"] === `${tokenType}id_token`
    const user = isForThis ? (await read(subjectToken, { audience: clientId, typ: "JWT" }))?.sub : undefined
    if (user === undefined) return Response.json({ error: "invalid_request" }, { status: 400 })
    return Response.json({
      access_token: await sign(
        { client_id: clientIdElsewhere, resource, scope },
        user,
        audience,
        assertionType,
      ),
      issued_token_type: `${tokenType}id-jag`,
      token_type: "N_A",
      expires_in: 300,
    })
  }

  return {
    tokenEndpoint: `${issuer}/token`,
    requests: listener.requests,
    idToken: (user) => sign({}, user, clientId, "JWT"),
    userOf: async (assertion, audience, client) => {
      const claims = await read(assertion, { audience, typ: assertionType })
      return claims?.["client_id"] === client ? claims.sub : undefined
    },
    close: listener.close,
    [Symbol.asyncDispose]: listener.close,
  }
}
