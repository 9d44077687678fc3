import type { MooringOptions } from "@mooring/core"
import { field, list, text } from "./json.ts"
import type { Scenario } from "./Scenario.ts"

/** What is known before a server is connected to: to the application's operator, and to who registers the server. */
export interface Setup {
  readonly host: Pick<MooringOptions, "identityToken" | "oauth" | "workloadToken">
  /** `oauth` of the server's config. */
  readonly oauth?: Readonly<Record<string, string>>
}

/** Gives a scenario's data to whom they are meant for. */
export const setUp = async ({ context, name, serverUrl }: Scenario): Promise<Setup> => {
  const value = (field: string): string => {
    const found = text(context, field)
    if (found === undefined) throw new Error(`The suite's context has no ${field}.`)
    return found
  }
  switch (name) {
    case "auth/pre-registration":
      return {
        host: {
          oauth: {
            clients: [
              {
                issuer: value("issuer"),
                clientId: value("client_id"),
                clientSecret: value("client_secret"),
              },
            ],
          },
        },
      }
    case "auth/basic-cimd":
      return {
        host: { oauth: { clientMetadataUrl: "https://conformance-test.local/client-metadata.json" } },
      }
    case "auth/2025-03-26-oauth-endpoint-fallback":
      return { host: { oauth: { serversWithoutMetadata: true } } }
    case "auth/client-credentials-basic":
      return {
        host: {},
        oauth: {
          grant_type: "client_credentials",
          client_id: value("client_id"),
          client_secret: value("client_secret"),
          issuer: await issuerOf(serverUrl),
        },
      }
    case "auth/client-credentials-jwt":
      return {
        host: {
          oauth: {
            grants: [
              {
                type: "client_credentials",
                serverUrl,
                issuer: await issuerOf(serverUrl),
                clientId: value("client_id"),
                privateKey: { pkcs8: value("private_key_pem"), algorithm: "ES256" },
              },
            ],
          },
        },
      }
    case "auth/enterprise-managed-authorization":
      return {
        host: {
          oauth: {
            grants: [
              {
                type: "enterprise_managed",
                serverUrl,
                issuer: await issuerOf(serverUrl),
                clientId: value("client_id"),
                clientSecret: value("client_secret"),
                identityProvider: {
                  tokenEndpoint: value("idp_token_endpoint"),
                  clientId: value("idp_client_id"),
                },
              },
            ],
          },
          identityToken: async () => value("idp_id_token"),
        },
      }
    case "auth/wif-jwt-bearer":
      return {
        host: {
          oauth: {
            grants: [
              {
                type: "workload_identity",
                serverUrl,
                issuer: await issuerOf(serverUrl),
                clientId: value("client_id"),
              },
            ],
          },
          workloadToken: async () => value("valid_jwt"),
        },
      }
    case "auth/dpop":
    case "auth/dpop-nonce":
      return { host: { oauth: { dpop: true } } }
    default:
      return { host: {} }
  }
}

/**
 * Which authorization server issued the credentials that the suite hands out: it does not say, and Mooring sends them to
 * no other than that one.
 */
const issuerOf = async (serverUrl: string): Promise<string> => {
  const { origin, pathname } = new URL(serverUrl)
  const response = await fetch(`${origin}/.well-known/oauth-protected-resource${pathname}`)
  const metadata: unknown = await response.json()
  const [issuer] = list(field(metadata, "authorization_servers"))
  if (typeof issuer !== "string") throw new Error("The suite's MCP server names no authorization server.")
  return issuer
}
