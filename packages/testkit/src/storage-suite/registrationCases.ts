import { randomUUID } from "node:crypto"
import {
  type ClientRegistration,
  ClientRegistrationId,
  ClientRegistrationStore,
  maxRegistrations,
} from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { encodingsIn } from "./encodingsIn.ts"
import { oddSecrets } from "./oddTexts.ts"
import { onNewNode } from "./onNewNode.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"

const makeRegistration = (
  organizationId: string,
  fields: Partial<ClientRegistration> = {},
): ClientRegistration => ({
  id: ClientRegistrationId.make(`mcp_client-${randomUUID()}`),
  organizationId,
  issuer: "https://auth.example",
  metadata: '{"client_name":"Mooring"}',
  client: { clientId: "client", clientSecret: Redacted.make(`secret ${randomUUID()}`), authMethod: null },
  createdAt: DateTime.makeUnsafe(1_700_000_000_000),
  expiresAt: null,
  ...fields,
})

/** In a form that can be compared. */
const readable = ({ client, createdAt, expiresAt, ...registration }: ClientRegistration) => ({
  ...registration,
  client: {
    ...client,
    clientSecret: client.clientSecret === null ? null : Redacted.value(client.clientSecret),
  },
  createdAt: DateTime.toEpochMillis(createdAt),
  expiresAt: expiresAt === null ? null : DateTime.toEpochMillis(expiresAt),
})

const isFound = Effect.fnUntraced(function* (
  key: ClientRegistration,
  expected: ClientRegistration | undefined,
) {
  const found = yield* ClientRegistrationStore.use((registrations) => registrations.find(key))
  expect(Option.map(found, readable)).toStrictEqual(Option.map(Option.fromUndefinedOr(expected), readable))
})

/** Dynamic registrations of clients. */
export const registrationCases: StorageCases = {
  "a registration comes back as it was, and each is good for one organization, issuer and description":
    onNode(
      Effect.gen(function* () {
        const registrations = yield* ClientRegistrationStore
        const organizationId = uniqueName("org")
        const all = [
          makeRegistration(organizationId),
          makeRegistration(organizationId, {
            issuer: "https://auth.example/",
            client: { clientId: "é大", clientSecret: null, authMethod: "none" },
            expiresAt: DateTime.makeUnsafe(1_700_000_000_007),
          }),
          makeRegistration(organizationId, { metadata: '{"client_name":"Other"}' }),
          makeRegistration(organizationId, { issuer: `https://auth.example/${"x".repeat(7_000)}` }),
          makeRegistration(`${organizationId}-other`),
        ]
        for (const registration of all) yield* isFound(registration, undefined)
        for (const registration of all) yield* registrations.put(registration)
        for (const registration of all) yield* isFound(registration, registration)
      }),
    ),

  "a registration takes the place of the earlier one, and only the one that is named is removed": onNode(
    Effect.gen(function* () {
      const registrations = yield* ClientRegistrationStore
      const organizationId = uniqueName("org")
      const earlier = makeRegistration(organizationId)
      const later = makeRegistration(organizationId, {
        client: { clientId: "later", clientSecret: null, authMethod: "none" },
        createdAt: DateTime.makeUnsafe(1_700_000_000_009),
      })
      yield* registrations.put(earlier)
      yield* registrations.put(later)
      yield* isFound(earlier, later)
      // Somebody has learnt only now that the first one is over.
      yield* registrations.remove(earlier)
      yield* isFound(earlier, later)
      yield* registrations.remove({ ...later, organizationId: `${organizationId}-other` })
      yield* isFound(earlier, later)
      yield* registrations.remove(later)
      yield* registrations.remove(later)
      yield* isFound(earlier, undefined)
    }),
  ),

  "of many registrations of an organization the newest stay, and others keep theirs": onNode(
    Effect.gen(function* () {
      const registrations = yield* ClientRegistrationStore
      const organizationId = uniqueName("org")
      const other = makeRegistration(`${organizationId}-other`)
      yield* registrations.put(other)
      const all = Array.from({ length: maxRegistrations + 3 }, (_, number) =>
        makeRegistration(organizationId, {
          issuer: `https://auth.example/${number}`,
          createdAt: DateTime.makeUnsafe(1_700_000_000_000 + number),
        }),
      )
      for (const registration of all) yield* registrations.put(registration)
      for (const gone of all.slice(0, 3)) yield* isFound(gone, undefined)
      for (const stays of all.slice(3)) yield* isFound(stays, stays)
      yield* isFound(other, other)
    }),
  ),

  ...Object.fromEntries(
    Object.entries(oddSecrets).map(([kind, text]) => [
      `a registration comes back as it was: ${kind}`,
      onNode(
        Effect.gen(function* () {
          const registration = makeRegistration(uniqueName("org"), {
            issuer: text,
            metadata: text,
            client: { clientId: text, clientSecret: Redacted.make(text), authMethod: text },
          })
          yield* ClientRegistrationStore.use((registrations) => registrations.put(registration))
          yield* isFound(registration, registration)
        }),
      ),
    ]),
  ),
}

/** Cases that look into what is kept outside of the process. */
export const registrationSecretCases: StorageCases = {
  "the secret of a registered client is kept in no form that can be read": (storage) =>
    Effect.gen(function* () {
      const secret = `canary of a client ${randomUUID()}`
      const organizationId = uniqueName("org")
      const registration = makeRegistration(organizationId, {
        client: { clientId: "client", clientSecret: Redacted.make(secret), authMethod: null },
      })
      const [node] = yield* storage.nodes(1)
      if (node === undefined) return expect.unreachable("no node was opened")
      yield* ClientRegistrationStore.use((registrations) => registrations.put(registration)).pipe(
        Effect.provide(node),
      )
      const dump = yield* Effect.promise(async () => storage.dump?.() ?? [])
      // What is not secret is found: the search is worth something.
      expect(encodingsIn(dump, organizationId)).not.toStrictEqual([])
      expect(encodingsIn(dump, secret)).toStrictEqual([])
    }),
}

/** A registration outlives the node that made it. No two nodes are open at once. */
export const registrationPersistenceCases: StorageCases = {
  "a node uses the registration that another one has left": (storage) =>
    Effect.gen(function* () {
      const registration = makeRegistration(uniqueName("org"))
      yield* onNewNode(
        storage,
        ClientRegistrationStore.use((registrations) => registrations.put(registration)),
      )
      yield* onNewNode(storage, isFound(registration, registration))
    }),
}
