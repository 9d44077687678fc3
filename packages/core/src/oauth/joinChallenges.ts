import type { Challenge } from "../transport/Challenge.ts"
import { joinScopes } from "./joinScopes.ts"

/** A server that wants something else each time must not fill the store with that. */
const maxLength = 2_048

/**
 * What a server wants by now. Of several tools that need more, each says what it needs, and the user is asked once. The
 * newest error counts: who is not let in any more has nothing that could be added to.
 */
export const joinChallenges = (earlier: Challenge | null, newest: Challenge): Challenge => {
  const { error, resourceMetadataUrl, scope } = newest
  return {
    error: bounded(error),
    resourceMetadataUrl: bounded(resourceMetadataUrl) ?? earlier?.resourceMetadataUrl ?? null,
    scope: bounded(joinScopes(earlier?.scope, scope)) ?? bounded(scope),
  }
}

const bounded = (text: string | null): string | null =>
  text === null || text.length > maxLength ? null : text
