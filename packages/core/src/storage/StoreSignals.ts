import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"

/** Something happened to what the stores hold, by this node or by another one that uses the same stores. */
export type StoreSignal =
  /** A server's name or config was changed; its config is at `revision` now. */
  | { readonly type: "server_changed"; readonly serverId: string; readonly revision: number }
  /** A server is gone, and its tools with it. */
  | { readonly type: "server_removed"; readonly serverId: string }
  /** The tools of a server were replaced. */
  | { readonly type: "tools_changed"; readonly serverId: string }
  /** A user has signed in to an MCP server or out of it, or what proves it was refreshed. */
  | {
      readonly type: "credential_changed"
      readonly organizationId: string
      readonly userId: string
      readonly resource: string
    }
  /** A sign-in has come to its end. */
  | {
      readonly type: "authorization_changed"
      readonly organizationId: string
      readonly authorizationId: string
    }
  /** From now on changes of other nodes go unnoticed: nothing that was read may be remembered. */
  | { readonly type: "interrupted" }
  /** Changes are noticed from now on. What was read before may be outdated. */
  | { readonly type: "resumed" }

/** What is called at each signal, one after the other. */
export type StoreListener = (signal: StoreSignal) => Effect.Effect<void>

/**
 * Tells what changes in the stores (a port), so that a node may remember what it has read. A change made through the
 * stores of this node is told before the store's method returns, one of another node as soon as it is heard of.
 */
export class StoreSignals extends Context.Service<
  StoreSignals,
  {
    /**
     * Calls the listener with every signal until the scope ends; at first, before it returns, with `interrupted` or
     * `resumed`, whichever holds.
     */
    readonly listen: (listener: StoreListener) => Effect.Effect<void, never, Scope.Scope>
  }
>()("@mooring/core/storage/StoreSignals") {}

/** The signals of this process, for storages: whoever publishes calls the listeners of this node. */
export class SignalHub extends Context.Service<
  SignalHub,
  {
    readonly publish: (signal: StoreSignal) => Effect.Effect<void>
    readonly listen: StoreSignals["Service"]["listen"]
  }
>()("@mooring/core/storage/SignalHub") {
  /** @param initially whether changes are noticed from the start. */
  static readonly layer = (initially: "interrupted" | "resumed") =>
    Layer.effect(
      SignalHub,
      Effect.sync(() => {
        const listeners = new Set<StoreListener>()
        let state: StoreSignal = { type: initially }
        return SignalHub.of({
          publish: (signal) =>
            Effect.suspend(() => {
              if (signal.type === "interrupted" || signal.type === "resumed") state = signal
              return Effect.forEach(listeners, (listener) => listener(signal), { discard: true })
            }),
          listen: (listener) =>
            Effect.acquireRelease(
              Effect.suspend(() => {
                listeners.add(listener)
                return listener(state)
              }),
              () => Effect.sync(() => listeners.delete(listener)),
            ),
        })
      }),
    )

  /** The hub as the port that the services listen to. */
  static readonly layerSignals = Layer.effect(
    StoreSignals,
    Effect.map(SignalHub, ({ listen }) => StoreSignals.of({ listen })),
  )
}
