import type { StoreSignal } from "../storage/StoreSignals.ts"
import type { CredentialOwner } from "./Credential.ts"

/** Whether a signal tells of a change of this owner's credential. */
export const isOwnedBy = (signal: StoreSignal, owner: CredentialOwner): boolean =>
  signal.type === "credential_changed" &&
  signal.organizationId === owner.organizationId &&
  signal.userId === owner.userId &&
  signal.resource === owner.resource
