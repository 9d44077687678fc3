import type { Actor } from "../actors/Actor.ts"
import { hasOwnToken } from "../servers/hasOwnToken.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import type { CredentialOwner } from "./Credential.ts"
import { makeGrantOf } from "./direct/grantOf.ts"
import type { ServerGrant } from "./direct/ServerGrant.ts"
import { resourceOf } from "./resourceOf.ts"

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
  // Of each config once: every run asks.
  const known = new WeakMap<ServerConfig, ConfigAccess>()
  const configAccess = (config: ServerConfig): ConfigAccess => {
    if (config.type === "stdio" || hasOwnToken(config)) return { type: "config" }
    const resource = resourceOf(config.serverUrl)
    const grant = grantOf(resource, config)
    return grant === undefined ? { type: "sign_in", resource } : { type: "grant", grant }
  }
  return ({ organizationId, userId }: Actor, config: ServerConfig): Access => {
    const access = known.get(config) ?? configAccess(config)
    known.set(config, access)
    if (access.type !== "sign_in") return access
    return { type: "sign_in", owner: { organizationId, userId, resource: access.resource } }
  }
}

type ConfigAccess =
  | Exclude<Access, { readonly type: "sign_in" }>
  | { readonly type: "sign_in"; readonly resource: string }
