import type { ActorInput } from "@mooring/core"
import { hash, timingSafeEqual } from "node:crypto"

/**
 * Finds the actor by `Authorization: Bearer <token>`, or nobody. It stands where an application has its own sign-in:
 * a session, an API key, a verified JWT.
 */
export const bearerActor = (actors: ReadonlyMap<string, ActorInput>) => {
  const known = Array.from(actors, ([token, actor]) => ({ digest: digestOf(token), actor }))
  return (request: Request): ActorInput | undefined => {
    const [, token = ""] = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? []
    const presented = digestOf(token)
    // All are compared, and by digests of one length: how long it takes tells nothing about the tokens.
    return known.filter(({ digest }) => timingSafeEqual(digest, presented))[0]?.actor
  }
}

const digestOf = (token: string) => hash("sha256", token, "buffer")
