import type { MooringOptions } from "@mooring/core"
import type { AuthorizationServerOptions } from "../../src/oauth/AuthorizationServerOptions.ts"
import type { TestAuthorizationServer } from "../../src/oauth/authorizationServer.ts"
import type { OAuthRequest } from "../../src/oauth/OAuthRequest.ts"
import { bothServers } from "../oauth/bothServers.ts"
import { type SignInHost, startSignInHost } from "./startSignInHost.ts"

/** A host, and an MCP server with its authorization server. */
export const startAll = async (
  options: AuthorizationServerOptions = {},
  hostOptions: Partial<MooringOptions> = {},
) => withHost(await bothServers(options), hostOptions)

/** A host beside servers that are there already; both end together. */
export const withHost = async <Servers extends AsyncDisposable>(
  servers: Servers,
  hostOptions: Partial<MooringOptions> = {},
) => {
  const host: SignInHost = await startSignInHost(hostOptions)
  return {
    ...servers,
    host,
    [Symbol.asyncDispose]: async () => {
      await host.close()
      await servers[Symbol.asyncDispose]()
    },
  }
}

/** The requests for tokens so far, for a code or for a refresh token. */
export const tokenRequests = (
  { requests }: TestAuthorizationServer,
  grantType: "authorization_code" | "refresh_token",
): ReadonlyArray<OAuthRequest> =>
  requests.filter(({ form, path }) => path === "/token" && form["grant_type"] === grantType)

export const revocations = ({ requests }: TestAuthorizationServer): ReadonlyArray<OAuthRequest> =>
  requests.filter(({ path }) => path === "/revoke")
