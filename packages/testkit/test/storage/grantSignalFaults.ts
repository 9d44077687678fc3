import type { StoreSignal } from "@mooring/core"
import * as Effect from "effect/Effect"
import type { Fault, FaultyPorts } from "./memoryStorage.ts"

/** The stores without some of their signals. */
const withoutSignals =
  (isLeftOut: (signal: StoreSignal) => boolean): Fault =>
  ({ signals }) => ({
    signals: {
      listen: (listener) => signals.listen((signal) => (isLeftOut(signal) ? Effect.void : listener(signal))),
    },
  })

/** What may be missing of the signals of credentials and sign-ins, and cases that must find it. */
export const grantSignalFaults: Readonly<Record<string, FaultyPorts>> = {
  "no signals of credentials": {
    fault: withoutSignals(({ type }) => type === "credential_changed"),
    foundBy: [
      "signals of credentials and sign-ins: every change is told before its method returns",
      "signals of credentials and sign-ins: who reads when told of a change reads what it has changed",
      "signals of another node, of credentials and sign-ins: every change of a credential is told to the other node: short resource",
      "signals of another node, of credentials and sign-ins: every change of a credential is told to the other node: long resource",
    ],
  },
  "no signals of long resources": {
    fault: withoutSignals((signal) => signal.type === "credential_changed" && signal.resource.length > 7_000),
    foundBy: [
      "signals of credentials and sign-ins: every change is told before its method returns",
      "signals of another node, of credentials and sign-ins: every change of a credential is told to the other node: long resource",
      "signals of another node, of credentials and sign-ins: every change of a credential is told to the other node: escaped resource",
    ],
  },
  "no signals of sign-ins": {
    fault: withoutSignals(({ type }) => type === "authorization_changed"),
    foundBy: [
      "signals of credentials and sign-ins: every change is told before its method returns",
      "signals of another node, of credentials and sign-ins: every step of a sign-in is told to the other node",
      "signals of another node, of credentials and sign-ins: who reads when told of a change reads what it has changed",
    ],
  },
}
