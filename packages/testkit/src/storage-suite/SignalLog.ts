import { McpServerStore, type StoreSignal, StoreSignals, ToolStore } from "@mooring/core"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** How long another node may take to hear of a change, and a node to connect. */
export const Patience = Context.Reference<Duration.Input>("@mooring/testkit/storage-suite/Patience", {
  defaultValue: () => "10 seconds",
})

/** What one listener has noted, a note for each signal. */
export interface SignalLog<Note> {
  readonly notes: ReadonlyArray<Note>
  /** Waits until there is such a note, which may be long ago; fails when patience ends. */
  readonly soon: (isMeant: (note: Note, index: number) => boolean, what: string) => Effect.Effect<void>
}

const listenNoting = Effect.fnUntraced(function* <Note>(note: (signal: StoreSignal) => Effect.Effect<Note>) {
  const notes: Array<Note> = []
  const waiting = new Set<() => void>()
  const patience = yield* Patience
  const signals = yield* StoreSignals
  yield* signals.listen((signal) =>
    Effect.map(note(signal), (noted) => {
      notes.push(noted)
      for (const check of waiting) check()
    }),
  )
  const log: SignalLog<Note> = {
    notes,
    soon: (isMeant, what) =>
      Effect.callback<void>((resume) => {
        const check = () => {
          if (notes.some(isMeant)) resume(Effect.void)
        }
        waiting.add(check)
        check()
        return Effect.sync(() => waiting.delete(check))
      }).pipe(
        Effect.timeoutOrElse({
          duration: patience,
          orElse: () =>
            Effect.die(
              new Error(`${what} was not heard of; the last notes are ${JSON.stringify(notes.slice(-5))}`),
            ),
        }),
      ),
  }
  return log
})

/** Listens until the scope ends, and notes the signals. */
export const listen = () => listenNoting(Effect.succeed<StoreSignal>)

/** The same, waiting until changes are noticed. */
export const listenResumed = Effect.fnUntraced(function* () {
  const log = yield* listen()
  yield* log.soon(({ type }) => type === "resumed", "`resumed`")
  return log
})

/** Listens, reads something whenever something is told, and notes that: `server_changed: what was read`. */
export const listenReading = Effect.fnUntraced(function* <E, R>(read: Effect.Effect<string, E, R>) {
  const context = yield* Effect.context<R>()
  // First, so that the other log begins with changes being noticed.
  yield* listenResumed()
  return yield* listenNoting(({ type }) =>
    read.pipe(
      Effect.provideContext(context),
      Effect.orElseSucceed(() => "gone"),
      // A store that tells of a change in the midst of its transaction waits for itself.
      Effect.timeoutOrElse({ duration: "2 seconds", orElse: () => Effect.succeed("cannot be read") }),
      Effect.map((state) => `${type}: ${state}`),
    ),
  )
})

/** How a server stands: `revision 2, 3 tools`. */
export const serverState = Effect.fnUntraced(function* (organizationId: string, serverId: string) {
  const servers = yield* McpServerStore
  const tools = yield* ToolStore
  const { revision } = yield* servers.get(organizationId, serverId)
  const { length } = yield* tools.list(organizationId, serverId)
  return `revision ${revision}, ${length} tools`
})

/** What of a log concerns one server. */
export const about = ({ notes }: SignalLog<StoreSignal>, serverId: string): ReadonlyArray<StoreSignal> =>
  notes.filter((signal) => "serverId" in signal && signal.serverId === serverId)

/** The signals of the three changes of a server. */
export const changed = (serverId: string, revision: number): StoreSignal => ({
  type: "server_changed",
  serverId,
  revision,
})
export const replaced = (serverId: string): StoreSignal => ({ type: "tools_changed", serverId })
export const removed = (serverId: string): StoreSignal => ({ type: "server_removed", serverId })
