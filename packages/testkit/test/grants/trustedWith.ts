import type { MooringOptions } from "@mooring/core"
import { exportPKCS8, generateKeyPair } from "jose"
import { clientId, clientSecret, machineOAuth } from "./machine.ts"

/** What a host, or the config of a server, is trusted with: none of it may reach anybody but the issuer. */
export const secrets = {
  clientSecret,
  identitySecret: "canary-of-the-identity-provider-secret",
  workloadToken: "canary.of-the.workload-token",
  idToken: "canary.of-the.id-token",
} as const

const { privateKey } = await generateKeyPair("ES256", { extractable: true })
const pkcs8 = await exportPKCS8(privateKey)

/** Where it is good. */
export interface Trust {
  readonly issuer: string
  readonly serverUrl: string
  /** The identity provider of the enterprise. */
  readonly tokenEndpoint: string
}

/** How an MCP server is spoken to: options of the host, and the extension `oauth` of its config. */
export interface Trusted {
  readonly host: Partial<MooringOptions>
  readonly server: object
}

/** Every way to be trusted that is bound to one authorization server. */
export const trustedWith = {
  "client credentials of the config": ({ issuer }) => ({
    host: {},
    server: { oauth: machineOAuth(issuer) },
  }),
  "a client of the config, for its users": ({ issuer }) => ({
    host: {},
    server: { oauth: { client_id: clientId, client_secret: clientSecret, issuer } },
  }),
  "client credentials of the host": ({ issuer, serverUrl }) => ({
    host: {
      oauth: {
        grants: [{ type: "client_credentials", serverUrl, issuer, clientId, clientSecret }],
      },
    },
    server: {},
  }),
  "a private key of the host": ({ issuer, serverUrl }) => ({
    host: {
      oauth: {
        grants: [
          {
            type: "client_credentials",
            serverUrl,
            issuer,
            clientId,
            privateKey: { pkcs8, algorithm: "ES256" },
          },
        ],
      },
    },
    server: {},
  }),
  "the identity of the workload": ({ issuer, serverUrl }) => ({
    host: {
      oauth: { grants: [{ type: "workload_identity", serverUrl, issuer, clientId }] },
      workloadToken: async () => secrets.workloadToken,
    },
    server: {},
  }),
  "the identities of the enterprise": ({ issuer, serverUrl, tokenEndpoint }) => ({
    host: {
      oauth: {
        grants: [
          {
            type: "enterprise_managed",
            serverUrl,
            issuer,
            clientId,
            clientSecret,
            identityProvider: { tokenEndpoint, clientId: "host", clientSecret: secrets.identitySecret },
          },
        ],
      },
      identityToken: async () => secrets.idToken,
    },
    server: {},
  }),
} satisfies Record<string, (trust: Trust) => Trusted>

export type TrustKind = keyof typeof trustedWith
export const trustKinds: ReadonlyArray<TrustKind> = [
  "client credentials of the config",
  "a client of the config, for its users",
  "client credentials of the host",
  "a private key of the host",
  "the identity of the workload",
  "the identities of the enterprise",
]
