import type { Actor } from "../actors/Actor.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import type { TransportAuthorization } from "../transport/TransportAuthorization.ts"

/** What to connect to, and for whom. */
export interface SessionTarget {
  readonly serverId: string
  readonly name: string
  /** Who is asked what the server wants to know. */
  readonly actor: Pick<Actor, "organizationId" | "userId">
  /** With its variables filled in. */
  readonly config: ServerConfig
  /** Names the server and the authorization context for which a verdict on its era counts. */
  readonly key: string
  /** Proves for whom the session speaks, where somebody has signed in. */
  readonly authorization: TransportAuthorization | undefined
}
