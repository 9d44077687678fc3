import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"
import type { Actor } from "../actors/Actor.ts"
import type { McpServer } from "../servers/McpServer.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import type { TransportAuthorization } from "../transport/TransportAuthorization.ts"
import type { CircuitKey } from "./Circuits.ts"
import type { SessionTarget } from "./connect.ts"

/** What tells the sessions to one server apart. Each is empty where it makes no difference. */
export interface SessionOwner {
  /** Of the variables that the config was filled with. */
  readonly variables: string
  readonly credentialId: string
  /** Where users are asked, each has a session of their own. */
  readonly userId: string
}

/** How a session is asked for. */
export interface SessionWish {
  /** A user wants it now: the server is tried also while it is left alone. Default: false. */
  readonly evenIfFailing?: boolean
  /** Whether the server is stored: then word of changed tools counts. Default: true. */
  readonly isRegistered?: boolean
}

/**
 * Two keys are equal where a session may be shared: same server, same revision of its config, same credential, and
 * the same user where users are asked.
 */
export class SessionKey implements Equal.Equal, SessionTarget, CircuitKey {
  readonly serverId: McpServer["id"]
  readonly name: string
  /** Of all who share it, the one who came first. */
  readonly actor: Pick<Actor, "organizationId" | "userId">
  readonly config: ServerConfig
  readonly revision: number
  readonly authorization: TransportAuthorization | undefined
  readonly variables: string
  /** Whether a user wants it tried now, however the server has been. */
  readonly isExplicit: boolean
  /** Whether the server is stored, and its tools with it. */
  readonly isRegistered: boolean
  /** Names the session, and its verdict on the server's era. */
  readonly key: string

  constructor(
    server: McpServer,
    { organizationId, userId }: Actor,
    config: ServerConfig,
    authorization: TransportAuthorization | undefined,
    owner: SessionOwner,
    { evenIfFailing = false, isRegistered = true }: SessionWish,
  ) {
    this.serverId = server.id
    this.name = server.name
    this.actor = { organizationId, userId }
    this.config = config
    this.revision = server.revision
    this.authorization = authorization
    this.variables = owner.variables
    this.isExplicit = evenIfFailing
    this.isRegistered = isRegistered
    this.key = `${server.id}/${server.revision}/${owner.variables}/${owner.credentialId}/${owner.userId}`
  }

  [Equal.symbol](that: Equal.Equal): boolean {
    return that instanceof SessionKey && that.key === this.key
  }

  [Hash.symbol](): number {
    return Hash.string(this.key)
  }
}
