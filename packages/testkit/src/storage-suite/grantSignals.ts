import { AuthorizationStore, type CredentialOwner, CredentialStore, type StoreSignal } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { makeTokens, moment } from "./makeCredential.ts"
import type { SignalLog } from "./SignalLog.ts"

/** The signals of an owner's credential, and of a sign-in. */
export const credentialChanged = ({ organizationId, resource, userId }: CredentialOwner): StoreSignal => ({
  type: "credential_changed",
  organizationId,
  resource,
  userId,
})
export const authorizationChanged = (organizationId: string, authorizationId: string): StoreSignal => ({
  type: "authorization_changed",
  organizationId,
  authorizationId,
})

/** What of a log concerns one organization's credentials and sign-ins. */
export const aboutOrganization = (
  { notes }: SignalLog<StoreSignal>,
  organizationId: string,
): ReadonlyArray<StoreSignal> =>
  notes.filter((signal) => "organizationId" in signal && signal.organizationId === organizationId)

/** Claims the refresh of an owner's credential and ends it with other tokens. */
export const refresh = Effect.fnUntraced(function* (owner: CredentialOwner) {
  const credentials = yield* CredentialStore
  const credential = Option.getOrThrow(yield* credentials.find(owner))
  const leased = Option.getOrThrow(yield* credentials.lease(credential, moment(0), moment(35)))
  return yield* credentials.release(leased, makeTokens())
})

/** How an owner's credential and a sign-in stand: `version 3, completed`. */
export const grantState = Effect.fnUntraced(function* (owner: CredentialOwner, authorizationId: string) {
  const credentials = yield* CredentialStore
  const authorizations = yield* AuthorizationStore
  const credential = yield* credentials.find(owner)
  const authorization = yield* authorizations.get(owner.organizationId, authorizationId)
  const version = Option.match(credential, {
    onNone: () => "none",
    onSome: ({ version }) => `version ${version}`,
  })
  const state = Option.match(authorization, { onNone: () => "none", onSome: ({ state }) => state.type })
  return `${version}, ${state}`
})
