import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { MemoryTables } from "../storage/MemoryTables.ts"
import type { StoreError } from "../storage/StoreError.ts"
import type { ClientRegistration, RegistrationKey } from "./ClientRegistration.ts"

/** How many registrations an organization may have: its users decide at which authorization servers there are any. */
export const maxRegistrations = 100

/**
 * Where dynamic registrations of clients are kept (a port). They are worth no more than the making of new ones: of
 * those of an organization, no more than {@link maxRegistrations} stay, the newest. An implementation must pass
 * `storageSuite` of `@mooring/testkit`.
 */
export class ClientRegistrationStore extends Context.Service<
  ClientRegistrationStore,
  {
    readonly find: (key: RegistrationKey) => Effect.Effect<Option.Option<ClientRegistration>, StoreError>
    /** Takes the place of an earlier one for the same. */
    readonly put: (registration: ClientRegistration) => Effect.Effect<void, StoreError>
    /** Removes this one. What has taken its place stays. */
    readonly remove: (registration: ClientRegistration) => Effect.Effect<void, StoreError>
  }
>()("@mooring/core/oauth/ClientRegistrationStore") {
  /** Keeps registrations in this process; they are gone when it ends. */
  static readonly layerMemory = Layer.effect(
    ClientRegistrationStore,
    Effect.gen(function* () {
      const { registrations } = yield* MemoryTables
      const keyOf = ({ issuer, metadata, organizationId }: RegistrationKey) =>
        JSON.stringify([organizationId, issuer, metadata])

      return ClientRegistrationStore.of({
        find: (key) => Effect.sync(() => Option.fromUndefinedOr(registrations.get(keyOf(key)))),
        put: (registration) =>
          Effect.sync(() => {
            // Behind the others: the map is in the order in which they came.
            registrations.delete(keyOf(registration))
            registrations.set(keyOf(registration), registration)
            const theirs = [...registrations].filter(
              ([, { organizationId }]) => organizationId === registration.organizationId,
            )
            for (const [key] of theirs.slice(0, -maxRegistrations)) registrations.delete(key)
          }),
        remove: (registration) =>
          Effect.sync(() => {
            const key = keyOf(registration)
            if (registrations.get(key)?.id === registration.id) registrations.delete(key)
          }),
      })
    }),
  )
}
