import type { HttpTestServerOptions, McpTestServer } from "../mcp-servers/TestServerOptions.ts"
import { type FaultKind, faultKinds, faultOf } from "./faults/faultOf.ts"
import { smallAuthorizationServer } from "./faults/smallAuthorizationServer.ts"
import { listenForOAuth } from "./listenForOAuth.ts"
import { type OAuthRequest, toOAuthRequest } from "./OAuthRequest.ts"
import { type ProtectedMcpServer, protectedMcpServer } from "./protectedMcpServer.ts"

/**
 * What an authorization server does wrong, or the MCP server that points to it.
 *
 * | kind | what it does |
 * | --- | --- |
 * | `no_metadata` | neither server has metadata, and the endpoints that a client might guess work, at both |
 * | `no_server_metadata` | the MCP server names it, and it has no metadata; the endpoints that a client might guess work |
 * | `resource_metadata_of_another_resource` | the MCP server's metadata are about `https://honest.example/mcp` |
 * | `resource_metadata_private_address` | the challenge names metadata at `10.0.0.1` |
 * | `challenge_without_parameters` | `WWW-Authenticate: Bearer`, with metadata where they belong |
 * | `metadata_of_another_issuer` | the `issuer` of its metadata is `https://honest.example` |
 * | `metadata_huge`, `metadata_endless` | 100 MB of metadata (or `bytes`), and metadata that never end |
 * | `metadata_hangs` | no answer to a request for metadata |
 * | `pkce_not_advertised`, `pkce_plain_only` | no `code_challenge_methods_supported`, or `plain` alone |
 * | `authorization_endpoint_http` | is `http:` on another host than loopback |
 * | `authorization_endpoint_custom_scheme` | would open an application: `evil-app:` |
 * | `authorization_endpoint_javascript` | would run in the host's page: `javascript:` |
 * | `authorization_endpoint_userinfo` | looks like `honest.example` and is at `evil.example` |
 * | `authorization_endpoint_control_characters` | a tab and a line break in it |
 * | `token_endpoint_http` | is `http:` on another host than loopback |
 * | `registration_refused`, `registration_hangs` | 400 with `invalid_redirect_uri`, and no answer |
 * | `registration_secret_basic`, `registration_secret_post` | a secret, to be presented by `client_secret_basic` or `client_secret_post`, whatever was asked for |
 * | `callback_of_another_issuer` | a good code, with the `iss` of another server |
 * | `callback_without_issuer` | a good code without `iss`, which the metadata promise |
 * | `callback_error_of_another_issuer` | `access_denied` with the `iss` of another server |
 * | `callback_error_with_markup` | `error` and `error_description` are HTML with scripts |
 * | `code_hangs`, `refresh_hangs` | no answer to a code, or to a refresh token |
 * | `code_answer_lost`, `refresh_answer_lost` | it is used up, and the connection ends in place of the tokens |
 * | `code_status_503`, `refresh_status_503` | 503 with a web page |
 * | `code_garbage`, `refresh_garbage` | 200 with a web page that says that it is JSON |
 * | `code_endless`, `refresh_endless` | good tokens in an answer that never ends |
 * | `code_echoes_request`, `refresh_echoes_request` | 400 with the request, and its secrets, in `error_description`; clients are given a secret |
 * | `code_echoes_request_as_text`, `refresh_echoes_request_as_text` | the same as text that is no JSON |
 * | `code_invalid_grant`, `refresh_invalid_grant` | 400 with that error |
 * | `code_invalid_client`, `refresh_invalid_client` | 401 with that error |
 * | `code_redirect_to_other_origin`, `refresh_redirect_to_other_origin` | 307 to where {@link MisbehavingAuthorizationServer.redirected} shows what was sent |
 * | `code_redirect_to_link_local`, `refresh_redirect_to_link_local` | 307 to `169.254.169.254` |
 * | `code_expires_in_…`, `refresh_expires_in_…` | good tokens with an `expires_in` of `zero`, `negative`, `huge` (1e300) or as a `string` |
 * | `refresh_without_scope` | the answer to a refresh has no `scope` |
 * | `refresh_without_refresh_token` | the answer to a refresh has no `refresh_token`: the old one stays good |
 * | `revocation_refused`, `revocation_hangs` | 503, and no answer |
 */
export type MisbehavingAuthorizationServerKind = FaultKind

/** All kinds of {@link misbehavingAuthorizationServer}, for tests over the lot. */
export const misbehavingAuthorizationServerKinds: ReadonlyArray<MisbehavingAuthorizationServerKind> =
  faultKinds

export interface MisbehavingAuthorizationServerOptions {
  /** The size of what is huge. Default: 100 MB. */
  readonly bytes?: number
  /** The MCP server that points to it. Default: `legacyServer`. */
  readonly start?: (options: HttpTestServerOptions) => Promise<McpTestServer>
}

/** An authorization server that does one thing wrong, and the MCP server that points to it. */
export interface MisbehavingAuthorizationServer extends AsyncDisposable {
  readonly issuer: string
  /** The MCP server that users are signed in to. */
  readonly mcpServer: ProtectedMcpServer
  /** Every request to it so far, to guessed endpoints too, with whatever headers leaked to it. */
  readonly requests: ReadonlyArray<OAuthRequest>
  /** What arrived at the other origin to which `…_redirect_to_other_origin` points: nothing, unless a client followed. */
  readonly redirected: ReadonlyArray<OAuthRequest>
  /** Stops both servers. Calling it again does nothing. */
  close(): Promise<void>
}

const defaultBytes = 100_000_000

/**
 * Starts an authorization server that does one thing wrong, and an MCP server that points to it. It asks nobody for a
 * name or consent: its authorization endpoint sends straight back. Its user is `mallory`.
 *
 * What it does right is what `authorizationServer` does, as far as a client sees.
 */
export async function misbehavingAuthorizationServer(
  kind: MisbehavingAuthorizationServerKind,
  { bytes = defaultBytes, start }: MisbehavingAuthorizationServerOptions = {},
): Promise<MisbehavingAuthorizationServer> {
  const otherOrigin = await listenForOAuth(() =>
    Response.json({ access_token: "access-of-another-origin", token_type: "Bearer" }),
  )
  const faults = faultOf(kind)({ bytes, otherOrigin: otherOrigin.origin })
  const issuer = Promise.withResolvers<string>()
  const small = issuer.promise.then((origin) => smallAuthorizationServer(origin, faults))
  const notFound = () => new Response(null, { status: 404 })
  const listener = await listenForOAuth(async (request) => (await small).answer(request) ?? notFound())
  issuer.resolve(listener.origin)

  const guessed: Array<OAuthRequest> = []
  const authorizationServer = await small
  const mcpServer = await protectedMcpServer({
    authorizationServer,
    ...(start === undefined ? {} : { start }),
    ...faults.resource,
    ...(faults.isAtResource === true
      ? {
          intercept: async (request: Request) => {
            const recorded = await toOAuthRequest(request)
            const answer = authorizationServer.answer(recorded)
            if (answer !== undefined) guessed.push(recorded)
            return answer
          },
        }
      : {}),
  })
  const close = async () => {
    await Promise.all([mcpServer.close(), listener.close(), otherOrigin.close()])
  }
  return {
    issuer: listener.origin,
    mcpServer,
    get requests() {
      return [...listener.requests, ...guessed]
    },
    redirected: otherOrigin.requests,
    close,
    [Symbol.asyncDispose]: close,
  }
}
