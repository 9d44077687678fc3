import { generateKeyPairSync } from "node:crypto"
import { errors, Provider } from "oidc-provider"
import type { AccessTokens } from "./AccessTokens.ts"
import type { AuthorizationServerOptions } from "./AuthorizationServerOptions.ts"
import { escapeHtml, htmlPage } from "./htmlPage.ts"
import { interactionPages, interactionPath } from "./interactionPages.ts"
import { issuedTokens } from "./issuedTokens.ts"
import type { NodeExchange } from "./listenForOAuth.ts"
import { registerJwtBearer } from "./registerJwtBearer.ts"
import { defaultScopes, providerConfiguration } from "./providerConfiguration.ts"
import { replayRequest } from "./replayRequest.ts"

/** `oidc-provider`, ready to answer, and to be asked about its tokens. */
export interface OidcProvider extends AccessTokens {
  readonly refusals: ReadonlyArray<string>
  answer(exchange: NodeExchange): Promise<void>
}

/** Sets up panva's `oidc-provider`. */
export function oidcProvider(issuer: string, options: AuthorizationServerOptions): OidcProvider {
  const { path = "", resourceIndicators = true, users = ["alice", "bob"] } = options
  const resources = new Set<string>()
  // The RSA key that is customary takes a tenth of a second to make.
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const provider = new Provider(
    issuer,
    providerConfiguration(options, {
      users,
      isResource: (resource) => resources.has(resource),
      path,
      port: new URL(issuer).port,
      signingKey: privateKey,
    }),
  )
  if (options.jwtBearer !== undefined) {
    registerJwtBearer(provider, options.jwtBearer, options.scopes ?? defaultScopes)
  }
  const tokens = issuedTokens(provider, publicKey)
  const answerProtocol = provider.callback()
  const defaultScope = (options.scopes ?? defaultScopes).join(" ")

  return {
    issuer,
    namesAudience: resourceIndicators,
    refusals: refusalsOf(provider),
    get tokenCount() {
      return tokens.tokenCount
    },
    findAccessToken: tokens.findAccessToken,
    addResource: (resource) => {
      resources.add(resource)
    },
    answer: async ({ body, request, response }) => {
      const url = pathBelow(path, request.url ?? "/")
      if (!url.startsWith(interactionPath)) {
        return answerProtocol(replayRequest(request, body, withScope(url, defaultScope), path), response)
      }
      try {
        await interactionPages(provider, users, request, response, body)
      } catch (error) {
        if (!(error instanceof errors.OIDCProviderError)) throw error
        response.writeHead(error.statusCode, { "content-type": "text/html; charset=utf-8" })
        response.end(htmlPage(error.error, `<p>${escapeHtml(error.error_description ?? "")}</p>`))
      }
    },
  }
}

/** The URL as the provider takes it, which knows of no path that it is mounted at. */
function pathBelow(path: string, url: string): string {
  if (url.startsWith(`${path}/`)) return url.slice(path.length)
  // RFC 8414, section 3.1: the well-known part comes before the issuer's path.
  return url.startsWith("/.well-known/") && url.endsWith(path)
    ? url.slice(0, url.length - path.length)
    : "/not-found"
}

/** Without a scope the provider refuses, where most servers have a default (RFC 6749, section 3.3). */
function withScope(url: string, scope: string): string {
  const [path = "", query = ""] = url.split("?")
  const parameters = new URLSearchParams(query)
  if (path !== "/authorize" || parameters.has("scope")) return url
  parameters.set("scope", scope)
  return `${path}?${parameters.toString()}`
}

function refusalsOf(provider: Provider): ReadonlyArray<string> {
  const refusals: Array<string> = []
  const refuse = (_ctx: unknown, error: errors.OIDCProviderError) => {
    refusals.push(`${error.error}: ${error.error_detail ?? error.error_description ?? error.message}`)
  }
  provider.on("authorization.error", refuse)
  provider.on("grant.error", refuse)
  provider.on("registration_create.error", refuse)
  provider.on("revocation.error", refuse)
  provider.on("server_error", (_ctx, error) => {
    refusals.push(`server_error: ${error.message}`)
  })
  return refusals
}
