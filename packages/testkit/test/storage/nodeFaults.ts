import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import type { FaultyPorts } from "./memoryStorage.ts"

/** What may go wrong with signals and migrations, and cases that must find it. */
export const nodeFaults: Readonly<Record<string, FaultyPorts>> = {
  "signals never come": {
    fault: () => ({ signals: { listen: (listener) => listener({ type: "resumed" }) } }),
    foundBy: [
      "signals: every change is told before its method returns, to every listener",
      "signals of another node: every change is told to the other node",
    ],
  },
  "signals come late": {
    fault: ({ signals }) => ({
      signals: {
        listen: (listener) =>
          signals.listen((signal) =>
            signal.type === "resumed"
              ? listener(signal)
              : Effect.asVoid(Effect.forkDetach(Effect.andThen(Effect.yieldNow, listener(signal)))),
          ),
      },
    }),
    foundBy: ["signals: every change is told before its method returns, to every listener"],
  },
  "signals come before the change": {
    fault: ({ servers, signals }) => {
      const listeners = new Set<Parameters<typeof signals.listen>[0]>()
      return {
        servers: {
          ...servers,
          remove: (organizationId, id) =>
            Effect.forEach(listeners, (listener) => listener({ type: "server_removed", serverId: id })).pipe(
              Effect.andThen(servers.remove(organizationId, id)),
            ),
        },
        signals: {
          listen: (listener) =>
            Effect.andThen(
              Effect.sync(() => listeners.add(listener)),
              signals.listen((signal) => (signal.type === "server_removed" ? Effect.void : listener(signal))),
            ),
        },
      }
    },
    foundBy: [
      "signals: who reads when told of a change reads what it has changed",
      "signals: what fails is not told",
      "signals of another node: who reads when told of a change reads what it has changed",
    ],
  },
  "listeners stay for ever": {
    fault: ({ signals }) => ({
      signals: {
        listen: (listener) =>
          Effect.provideService(signals.listen(listener), Scope.Scope, Scope.makeUnsafe()),
      },
    }),
    foundBy: [
      "signals: a listener hears nothing after its scope has ended, and others go on",
      "signals of another node: a listener hears nothing after its scope has ended",
    ],
  },
  "nobody says whether changes are noticed": {
    fault: ({ signals }) => ({
      signals: {
        listen: (listener) =>
          signals.listen((signal) => (signal.type === "resumed" ? Effect.void : listener(signal))),
      },
    }),
    foundBy: ["signals: a listener is told at once whether changes are noticed, and soon that they are"],
  },
  "migrations are taken again and again": {
    fault: () => ({ migrations: { run: Effect.succeed(["0001_create"]) } }),
    foundBy: [
      "migrations: there is nothing left to migrate, and to ask for it changes nothing",
      "nodes that start: ten nodes start at once on a storage without data, and what each writes is there for all",
    ],
  },
}
