import { clientFaultKinds, clientFaults } from "./clientFaults.ts"
import { metadataFaultKinds, metadataFaults } from "./metadataFaults.ts"
import type { OAuthFault } from "./OAuthFaults.ts"
import { resourceFaultKinds, resourceFaults } from "./resourceFaults.ts"
import { refreshFaultKinds, refreshFaults, tokenAnswerKinds, tokenFault } from "./tokenFaults.ts"

const tokenRequests = ["code", "refresh"] as const

/** The names of all faults. */
export const faultKinds = [
  ...resourceFaultKinds,
  ...metadataFaultKinds,
  ...clientFaultKinds,
  ...tokenRequests.flatMap((request) => tokenAnswerKinds.map((kind) => `${request}_${kind}` as const)),
  ...refreshFaultKinds,
]

export type FaultKind = (typeof faultKinds)[number]

const faults: ReadonlyMap<string, OAuthFault> = new Map([
  ...Object.entries({ ...resourceFaults, ...metadataFaults, ...clientFaults, ...refreshFaults }),
  ...tokenRequests.flatMap((request) =>
    tokenAnswerKinds.map((kind) => [`${request}_${kind}`, tokenFault(request, kind)] as const),
  ),
])

/** The fault of that name. */
export function faultOf(kind: FaultKind): OAuthFault {
  const fault = faults.get(kind)
  if (fault === undefined) throw new Error(`There is no authorization server that misbehaves by ${kind}`)
  return fault
}
