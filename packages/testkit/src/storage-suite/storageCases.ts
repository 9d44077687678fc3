import { approvalCases } from "./approvalCases.ts"
import { auditCases } from "./auditCases.ts"
import { auditRaces } from "./auditRaces.ts"
import { authorizationCases } from "./authorizationCases.ts"
import { authorizationRaces } from "./authorizationRaces.ts"
import { configCases } from "./configCases.ts"
import { credentialCases } from "./credentialCases.ts"
import { credentialRaces } from "./credentialRaces.ts"
import { definitionCases } from "./definitionCases.ts"
import { grantNodeSignalCases } from "./grantNodeSignalCases.ts"
import { grantPersistenceCases } from "./grantPersistenceCases.ts"
import { grantSecretCases } from "./grantSecretCases.ts"
import { grantSignalCases } from "./grantSignalCases.ts"
import { grantTenancyCases } from "./grantTenancyCases.ts"
import { grantTextCases } from "./grantTextCases.ts"
import { leaseCases } from "./leaseCases.ts"
import { listCases } from "./listCases.ts"
import { migrationCases, startingCases } from "./migrationCases.ts"
import { modifyCases } from "./modifyCases.ts"
import { nameCases } from "./nameCases.ts"
import { nodeSignalCases } from "./nodeSignalCases.ts"
import { onNodes } from "./onNodes.ts"
import { persistenceCases } from "./persistenceCases.ts"
import { rateLimitCases, rateLimitRaces } from "./rateLimitCases.ts"
import {
  registrationCases,
  registrationPersistenceCases,
  registrationSecretCases,
} from "./registrationCases.ts"
import { secretCases } from "./secretCases.ts"
import { serverCases } from "./serverCases.ts"
import { serverRaces } from "./serverRaces.ts"
import { signalCases } from "./signalCases.ts"
import type { StorageTraits } from "./StorageUnderTest.ts"
import type { StorageCases } from "./SuiteStorage.ts"
import { tenancyCases } from "./tenancyCases.ts"
import { toolCases } from "./toolCases.ts"
import { toolRaces } from "./toolRaces.ts"
import { wantedCases } from "./wantedCases.ts"

/** Cases that share one storage, each within organizations of its own. */
export interface StorageCaseGroup {
  readonly name: string
  readonly cases: StorageCases
  /** They look into what is kept outside of the process. */
  readonly needsDump?: boolean
}

/** The cases as data, apart from vitest, so that it can be tested what they find. */
export const storageCases = ({ nodes = "several" }: StorageTraits = {}): ReadonlyArray<StorageCaseGroup> => [
  { name: "servers", cases: serverCases },
  { name: "names of servers", cases: nameCases },
  { name: "lists of servers", cases: listCases },
  { name: "changes of servers", cases: modifyCases },
  { name: "configs", cases: configCases },
  { name: "tools", cases: toolCases },
  { name: "definitions of tools", cases: definitionCases },
  { name: "approvals of tools", cases: approvalCases },
  { name: "audit", cases: auditCases },
  { name: "organizations", cases: tenancyCases },
  { name: "servers, many callers of one node", cases: onNodes(1, serverRaces) },
  { name: "tools, many callers of one node", cases: onNodes(1, toolRaces) },
  { name: "audit, many callers of one node", cases: onNodes(1, auditRaces) },
  { name: "signals", cases: signalCases },
  { name: "secrets", cases: secretCases, needsDump: true },
  { name: "credentials", cases: credentialCases },
  { name: "claims of credentials", cases: leaseCases },
  { name: "wanted sign-ins", cases: wantedCases },
  { name: "sign-ins", cases: authorizationCases },
  { name: "registrations of clients", cases: registrationCases },
  { name: "texts of credentials and sign-ins", cases: grantTextCases },
  { name: "owners of credentials and sign-ins", cases: grantTenancyCases },
  { name: "credentials, many callers of one node", cases: onNodes(1, credentialRaces) },
  { name: "sign-ins, many callers of one node", cases: onNodes(1, authorizationRaces) },
  { name: "signals of credentials and sign-ins", cases: grantSignalCases },
  { name: "secrets of credentials and sign-ins", cases: grantSecretCases, needsDump: true },
  { name: "rate limits", cases: rateLimitCases },
  { name: "rate limits, many callers of one node", cases: onNodes(1, rateLimitRaces) },
  { name: "secrets of registrations", cases: registrationSecretCases, needsDump: true },
  { name: "migrations", cases: migrationCases },
  {
    name: "persistence",
    cases: { ...persistenceCases, ...grantPersistenceCases, ...registrationPersistenceCases },
  },
  ...(nodes === "several" ? severalNodes : []),
]

const severalNodes: ReadonlyArray<StorageCaseGroup> = [
  { name: "nodes that start", cases: startingCases },
  { name: "servers, callers of two nodes", cases: onNodes(2, serverRaces) },
  { name: "tools, callers of two nodes", cases: onNodes(2, toolRaces) },
  { name: "audit, callers of two nodes", cases: onNodes(2, auditRaces) },
  { name: "signals of another node", cases: nodeSignalCases },
  { name: "credentials, callers of two nodes", cases: onNodes(2, credentialRaces) },
  { name: "sign-ins, callers of two nodes", cases: onNodes(2, authorizationRaces) },
  { name: "rate limits, callers of two nodes", cases: onNodes(2, rateLimitRaces) },
  { name: "signals of another node, of credentials and sign-ins", cases: grantNodeSignalCases },
]
