import * as Effect from "effect/Effect"
import * as MutableHashMap from "effect/MutableHashMap"
import * as Option from "effect/Option"
import * as RcMap from "effect/RcMap"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { type ConnectError, TooManySessions } from "./ConnectError.ts"
import type { McpSession } from "./McpSession.ts"
import type { SessionKey } from "./SessionKey.ts"
import { type SessionCaps, whichToEvict } from "./whichToEvict.ts"

/** A place that is taken by a session, from before its transport is made until that has ended. */
export interface HeldSession {
  readonly key: SessionKey
  /** Who counts as its owner: of all who share it, the one who came first. */
  readonly holder: string
  /** Ends with the session. */
  readonly scope: Scope.Scope
  /** What ends it: more than one where the first handshake was refused. */
  readonly ends: Array<Effect.Effect<void>>
  /** Once it is connected. */
  session: McpSession | undefined
  isClosing: boolean
}

type Sessions = RcMap.RcMap<SessionKey, McpSession, ConnectError>

/** How long the wish for a place is repeated where all are in use: less than a second in all. */
const patience = Schedule.exponential("50 millis").pipe(Schedule.jittered, Schedule.upTo({ times: 4 }))

/** The sessions of this node, as many as there may be. */
export const makeHeldSessions = (caps: SessionCaps) => {
  const held = new Set<HeldSession>()

  const reserve = (
    sessions: Sessions,
    key: SessionKey,
    scope: Scope.Scope,
  ): Effect.Effect<{ entry: HeldSession; evicted: HeldSession | undefined }, TooManySessions> => {
    const holder = `${key.actor.organizationId}\0${key.actor.userId}`
    // Those that are being closed have given up their places; who has had one closed waits until it is gone.
    const staying = [...held].filter(({ isClosing }) => !isClosing)
    const room = whichToEvict(staying, holder, caps, (entry) => idleSince(sessions, entry))
    if (room.type === "full") {
      return Effect.fail(new TooManySessions({ limit: room.limit, max: caps[room.limit] }))
    }
    const entry: HeldSession = { key, holder, scope, ends: [], session: undefined, isClosing: false }
    held.add(entry)
    if (room.type === "free") return Effect.succeed({ entry, evicted: undefined })
    room.session.isClosing = true
    return Effect.succeed({ entry, evicted: room.session })
  }

  return {
    /** Takes a place until the scope ends, and makes room for it where that is needed. */
    take: Effect.fnUntraced(function* (sessions: Sessions, key: SessionKey) {
      const scope = yield* Effect.scope
      const { entry, evicted } = yield* Effect.acquireRelease(
        Effect.suspend(() => reserve(sessions, key, scope)),
        (taken) => Effect.sync(() => held.delete(taken.entry)),
      ).pipe(Effect.retry(patience))
      if (evicted !== undefined) yield* RcMap.invalidate(sessions, evicted.key)
      return entry
    }),
    where: (isWanted: (entry: HeldSession) => boolean) => [...held].filter(isWanted),
  }
}

/** The map knows who uses what, so that counting it costs a run nothing. */
const idleSince = ({ state }: Sessions, { key, scope }: HeldSession): number | undefined => {
  if (state._tag === "Closed") return undefined
  const entry = Option.getOrUndefined(MutableHashMap.get(state.map, key))
  // Another one of that key may have come in its place while it was still in use.
  return entry?.scope === scope && entry.refCount === 0 ? entry.expiresAt : undefined
}
