import * as Effect from "effect/Effect"
import type { Options } from "../Options.ts"
import { AuthorizationFailed } from "./AuthorizationFailed.ts"
import type { OAuthHost } from "./clientMetadata.ts"

/** Where the answer of an authorization server arrives, below the mount point. */
export const callbackPath = "/v1/tools/mcp/oauth/callback"
export const clientMetadataPath = "/v1/tools/mcp/oauth/client-metadata.json"

/** This host as authorization servers see it, which takes its public URL: nothing that a request says is believed. */
export const oauthHost = ({
  oauth,
  publicUrl,
}: Options["Service"]): Effect.Effect<OAuthHost, AuthorizationFailed> => {
  if (publicUrl === undefined) {
    return Effect.fail(
      new AuthorizationFailed({
        code: "public_url_missing",
        problem:
          "The MCP server wants its users to sign in, and this host cannot be returned to: ask the host to set its option publicUrl.",
      }),
    )
  }
  const base = publicUrl.replace(/\/+$/, "")
  return Effect.succeed({
    clientName: oauth.clientName,
    clients: oauth.clients,
    redirectUri: base + callbackPath,
    clientMetadataUrl: oauth.clientMetadataUrl ?? base + clientMetadataPath,
  })
}
