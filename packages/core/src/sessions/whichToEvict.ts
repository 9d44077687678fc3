/** How many sessions may live on this node at once. */
export interface SessionCaps {
  readonly sessions: number
  readonly sessionsPerActor: number
}

/** What becomes of somebody's wish for one more session: there is room, there would be without another one, or none. */
export type Room<Session> =
  | { readonly type: "free" }
  | { readonly type: "evict"; readonly session: Session }
  | { readonly type: "full"; readonly limit: keyof SessionCaps }

/**
 * Makes room fairly: who is at their own limit gives up one of their own; where all places are taken, whoever holds
 * the most gives up one. It is the one that has been idle for longest, and never one in use.
 *
 * @param idleSince when a session was last used; undefined while it is. Asked only where room must be made.
 */
export const whichToEvict = <Session extends { readonly holder: string }>(
  sessions: Iterable<Session>,
  holder: string,
  caps: SessionCaps,
  idleSince: (session: Session) => number | undefined,
): Room<Session> => {
  const held = new Map<string, number>()
  let all = 0
  for (const session of sessions) {
    all += 1
    held.set(session.holder, (held.get(session.holder) ?? 0) + 1)
  }
  const isActorFull = (held.get(holder) ?? 0) >= caps.sessionsPerActor
  if (!isActorFull && all < caps.sessions) return { type: "free" }

  let chosen: { readonly session: Session; readonly count: number; readonly since: number } | undefined
  for (const session of sessions) {
    if (isActorFull && session.holder !== holder) continue
    const since = idleSince(session)
    if (since === undefined) continue
    const count = held.get(session.holder) ?? 0
    if (chosen === undefined || count > chosen.count || (count === chosen.count && since < chosen.since)) {
      chosen = { session, count, since }
    }
  }
  return chosen === undefined
    ? { type: "full", limit: isActorFull ? "sessionsPerActor" : "sessions" }
    : { type: "evict", session: chosen.session }
}
