import type { Actor } from "../actors/Actor.ts"
import { hasOwnToken } from "../servers/hasOwnToken.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import type { CredentialOwner } from "./Credential.ts"
import { credentialOwner } from "./credentialOwner.ts"
import { makeGrantOf } from "./direct/grantOf.ts"
import type { ServerGrant } from "./direct/ServerGrant.ts"

/** How an actor is let in to an MCP server. */
export type Access =
  /** By what the config brings, used as it is: nobody can sign in. */
  | { readonly type: "config" }
  /** By a grant for which no user is asked, though one may have signed in before it was set. */
  | { readonly type: "grant"; readonly grant: ServerGrant }
  /** As whom they have signed in, if they have. */
  | { readonly type: "sign_in"; readonly owner: CredentialOwner }

/** @param grants those of the host. */
export const makeAccessOf = (grants: ReadonlyArray<ServerGrant>) => {
  const grantOf = makeGrantOf(grants)
  return (actor: Actor, config: ServerConfig): Access => {
    if (config.type === "stdio" || hasOwnToken(config)) return { type: "config" }
    const owner = credentialOwner(actor, config.serverUrl)
    const grant = grantOf(owner.resource, config)
    return grant === undefined ? { type: "sign_in", owner } : { type: "grant", grant }
  }
}
