import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import { asHost } from "../asHost.ts"
import { type ConnectError, TooManySessions } from "./ConnectError.ts"
import type { McpSession } from "./McpSession.ts"
import type { SessionKey } from "./SessionKey.ts"
import { type SessionCaps, whichToEvict } from "./whichToEvict.ts"

/** A place that is taken by a session, from before its transport is made until that has ended. */
export interface LiveSession {
  readonly key: SessionKey
  /** Who counts as its owner: of all who share it, the one who came first. */
  readonly holder: string
  /** Ends with the session. */
  readonly scope: Scope.Closeable
  /** What ends it: more than one where the first handshake was refused. */
  readonly ends: Array<Effect.Effect<void>>
  readonly opened: Deferred.Deferred<McpSession, ConnectError>
  /** Once it is connected. */
  session: McpSession | undefined
  /** How many use it, or wait for it. */
  uses: number
  /** When the last of them left. */
  idleSince: number
  /** Nobody else gets it, and its place counts as given up. */
  isClosing: boolean
  /** What opens it, until that has ended. */
  opening: Fiber.Fiber<McpSession, ConnectError> | undefined
}

/** Opens the session in the scope of its place. */
type Open = (place: LiveSession) => Effect.Effect<McpSession, ConnectError, Scope.Scope>

interface LiveSessionsOptions extends SessionCaps {
  /** How long a session is kept that nobody uses, in milliseconds. */
  readonly sessionIdleMs: number
}

/** How long the wish for a place is repeated where all are in use: less than a second in all. */
const patience = Schedule.exponential("50 millis").pipe(Schedule.jittered, Schedule.upTo({ times: 4 }))

/**
 * The sessions of this node: one for each key, opened once however many ask for it, and as many in all as there may
 * be. A failure is told to those who wait for it and to nobody after them. All end with the scope.
 *
 * What finds a session that is open, and gives it back, is plain code: every run passes here, and with a scope and a
 * reference of its own for each that alone took as long as the rest of a run by stdio.
 */
export const makeLiveSessions = Effect.fnUntraced(function* (open: Open, options: LiveSessionsOptions) {
  const scope = yield* Effect.scope
  const context = yield* Effect.context<never>()
  const clock = yield* Clock.Clock
  /** Those that are given out. */
  const shared = new Map<string, LiveSession>()
  /** These, and those that have not ended yet. */
  const places = new Set<LiveSession>()
  let isOver = false

  const isShared = (place: LiveSession) => shared.get(place.key.key) === place
  const hide = (place: LiveSession) => {
    if (isShared(place)) shared.delete(place.key.key)
  }

  const close = (place: LiveSession): Effect.Effect<void> =>
    Effect.suspend(() => {
      place.isClosing = true
      hide(place)
      // Not waited for: it may be what closes it.
      place.opening?.interruptUnsafe()
      return Scope.close(place.scope, Exit.void)
    })
  const closeInBackground = (place: LiveSession) =>
    Effect.forkIn(close(place), scope, { startImmediately: true })

  /** Lets nobody else use it; it is closed at once, or when the last one has left. */
  const retire = (place: LiveSession): Effect.Effect<void> =>
    Effect.suspend(() => {
      hide(place)
      return place.uses === 0 ? close(place) : Effect.void
    })

  const release = (place: LiveSession): Effect.Effect<unknown> => {
    place.uses -= 1
    place.idleSince = clock.currentTimeMillisUnsafe()
    return place.uses === 0 && !isShared(place) ? closeInBackground(place) : Effect.void
  }

  /** Takes a place, making room for it where that is needed. */
  const reserve = (place: LiveSession) =>
    Effect.suspend((): Effect.Effect<LiveSession | undefined, TooManySessions> => {
      const staying = [...places].filter(({ isClosing }) => !isClosing)
      const idleSince = ({ idleSince, uses }: LiveSession) => (uses === 0 ? idleSince : undefined)
      const room = whichToEvict(staying, place.holder, options, idleSince)
      if (room.type === "full") {
        return Effect.fail(new TooManySessions({ limit: room.limit, max: options[room.limit] }))
      }
      places.add(place)
      if (room.type === "free") return Effect.succeed(undefined)
      room.session.isClosing = true
      return Effect.succeed(room.session)
    })

  const openInPlace = Effect.fnUntraced(function* (place: LiveSession) {
    yield* Scope.addFinalizer(
      place.scope,
      Effect.sync(() => places.delete(place)),
    )
    const evicted = yield* Effect.retry(reserve(place), patience)
    // Who has one closed waits until it is gone.
    if (evicted !== undefined) yield* close(evicted)
    place.session = yield* Scope.provide(open(place), place.scope)
    return place.session
  })

  const start = (key: SessionKey): LiveSession => {
    const place: LiveSession = {
      key,
      holder: `${key.actor.organizationId}\0${key.actor.userId}`,
      scope: Scope.makeUnsafe(),
      ends: [],
      opened: Deferred.makeUnsafe(),
      session: undefined,
      uses: 0,
      idleSince: clock.currentTimeMillisUnsafe(),
      isClosing: false,
      opening: undefined,
    }
    shared.set(key.key, place)
    return place
  }

  const run = (place: LiveSession) =>
    Effect.onExit(openInPlace(place), (exit) => {
      // A session must not hold what it was opened by: it outlives that.
      place.opening = undefined
      if (Exit.isSuccess(exit)) return Deferred.done(place.opened, exit)
      // Who comes now begins anew.
      hide(place)
      return Effect.andThen(Deferred.done(place.opened, exit), close(place))
    }).pipe(
      Effect.forkIn(scope, { startImmediately: true }),
      asHost(context),
      Effect.tap((fiber) =>
        Effect.sync(() => {
          if (fiber.pollUnsafe() === undefined) place.opening = fiber
        }),
      ),
    )

  /**
   * Opens the session of that key, or waits for who does. To be called where nothing interrupts.
   *
   * @param wait how the session is waited for, which may be interrupted.
   */
  const take = <E>(
    key: SessionKey,
    wait: (opened: Effect.Effect<McpSession, ConnectError>) => Effect.Effect<McpSession, E>,
  ): Effect.Effect<{ readonly place: LiveSession; readonly session: McpSession }, E> =>
    Effect.suspend(() => {
      if (isOver) return Effect.interrupt
      const known = shared.get(key.key)
      const place = known ?? start(key)
      place.uses += 1
      return (known === undefined ? Effect.andThen(keepSweeping, run(place)) : Effect.void).pipe(
        Effect.andThen(wait(Deferred.await(place.opened))),
        Effect.onError(() => release(place)),
        Effect.map((session) => ({ place, session })),
      )
    })

  let isSweeping = false
  /** Closes what has been idle for too long, as long as there is anything that could be. */
  const sweep = Effect.gen(function* () {
    while (shared.size > 0) {
      const now = clock.currentTimeMillisUnsafe()
      let next = now + options.sessionIdleMs
      for (const place of shared.values()) {
        if (place.uses > 0) continue
        const endsAt = place.idleSince + options.sessionIdleMs
        if (endsAt <= now) yield* closeInBackground(place)
        else next = Math.min(next, endsAt)
      }
      yield* Effect.sleep(Duration.millis(next - now))
    }
    isSweeping = false
  })
  const keepSweeping = Effect.suspend(() => {
    if (isSweeping) return Effect.void
    isSweeping = true
    return asHost(context)(Effect.forkIn(sweep, scope))
  })

  yield* Effect.addFinalizer(() => {
    isOver = true
    return Effect.forEach([...places, ...shared.values()], close, { concurrency: "unbounded", discard: true })
  })

  return {
    /** Uses the session of that key as long as it is open and nobody has retired it; undefined where there is none. */
    find: (key: string): LiveSession | undefined => {
      const place = shared.get(key)
      return place?.session?.isOpen() === true ? place : undefined
    },
    take,
    release,
    retire,
    where: (isWanted: (place: LiveSession) => boolean) => [...places].filter(isWanted),
  }
})
