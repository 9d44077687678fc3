import type { RemoteConfig } from "../../servers/ServerConfig.ts"
import { resourceOf } from "../resourceOf.ts"
import type { ServerGrant } from "./ServerGrant.ts"

/** Finds the grant by which a server is spoken to without asking a user: the host's own, or that of its config. */
export const makeGrantOf = (grants: ReadonlyArray<ServerGrant>) => {
  const byResource = new Map(grants.map((grant) => [resourceOf(grant.serverUrl), grant]))
  return (resource: string, { oauth, serverUrl }: RemoteConfig): ServerGrant | undefined =>
    byResource.get(resource) ?? (oauth === null ? undefined : clientCredentials(serverUrl, oauth))
}

const clientCredentials = (
  serverUrl: string,
  { clientId, clientSecret, grantType, issuer, scopes }: NonNullable<RemoteConfig["oauth"]>,
): ServerGrant | undefined =>
  grantType === "client_credentials" && clientId !== null && clientSecret !== null && issuer !== null
    ? { type: grantType, serverUrl, issuer, clientId, clientSecret, ...(scopes === null ? {} : { scopes }) }
    : undefined
