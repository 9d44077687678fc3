import { hasOwnToken } from "../servers/hasOwnToken.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import type { TransportAuthorization } from "../transport/TransportAuthorization.ts"

/** Whether it would help the user to sign in where a server refuses them. */
export const canSignIn = ({
  authorization,
  config,
}: {
  readonly config: ServerConfig
  readonly authorization: TransportAuthorization | undefined
}): boolean => config.type !== "stdio" && !hasOwnToken(config) && (authorization?.isSignIn ?? true)
