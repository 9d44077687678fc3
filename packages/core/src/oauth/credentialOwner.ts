import type { Actor } from "../actors/Actor.ts"
import type { CredentialOwner } from "./Credential.ts"
import { resourceOf } from "./resourceOf.ts"

/** Whose a credential for the MCP server at that URL is. */
export const credentialOwner = (
  { organizationId, userId }: Pick<Actor, "organizationId" | "userId">,
  serverUrl: string,
): CredentialOwner => ({ organizationId, userId, resource: resourceOf(serverUrl) })
