import type { Actor } from "../actors/Actor.ts"
import type { McpServer } from "../servers/McpServer.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import type { TransportAuthorization } from "../transport/TransportAuthorization.ts"
import type { CircuitKey } from "./Circuits.ts"
import type { SignedIn } from "./sessionSignIn.ts"
import type { SessionTarget } from "./SessionTarget.ts"

/** How a session is asked for. */
export interface SessionWish {
  /** A user wants it now: the server is tried also while it is left alone. Default: false. */
  readonly evenIfFailing?: boolean
  /** Whether the server is stored: then word of changed tools counts. Default: true. */
  readonly isRegistered?: boolean
  /** When a run is over that has to wait for it, in milliseconds since 1970: then `limits.runTimeoutMs` was too short. */
  readonly deadline?: number
}

/** Names the session that somebody may use: same server, same config, same credential, same user where users are asked. */
export const sessionKey = (
  server: McpServer,
  { credentialId, variables }: SignedIn,
  userId: string,
): string => {
  const { id, revision } = server
  if (variables !== "" || credentialId !== "" || userId !== "") {
    return `${id}/${revision}/${variables}/${credentialId}/${userId}`
  }
  // Every run asks, and a text that is there takes a fraction of the time that one takes to be made and hashed.
  const known = shared.get(server)
  if (known !== undefined) return known
  const key = `${id}/${revision}///`
  shared.set(server, key)
  return key
}

/** The names of sessions that tell nobody apart. */
const shared = new WeakMap<McpServer, string>()

/** What a session is opened by. It may be shared where the names are the same. */
export class SessionKey implements SessionTarget, CircuitKey {
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

  /** @param userId where users are asked, each has a session of their own; else it is empty. */
  constructor(
    server: McpServer,
    actor: Actor,
    signedIn: SignedIn,
    userId: string,
    { evenIfFailing = false, isRegistered = true }: SessionWish,
  ) {
    this.serverId = server.id
    this.name = server.name
    this.actor = { organizationId: actor.organizationId, userId: actor.userId }
    this.config = signedIn.config
    this.revision = server.revision
    this.authorization = signedIn.authorization
    this.variables = signedIn.variables
    this.isExplicit = evenIfFailing
    this.isRegistered = isRegistered
    this.key = sessionKey(server, signedIn, userId)
  }
}
