import {
  type ClientRegistration,
  ClientRegistrationId,
  ClientRegistrationStore,
  maxRegistrations,
  type RegistrationKey,
} from "@mooring/core"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { SqlClient } from "effect/sql/SqlClient"
import { makeTextSecrets } from "../secrets/textSecrets.ts"
import { makeStoreMethod } from "../storeMethod.ts"
import { decodeTime, encodeTime } from "../times.ts"
import { decodeClient, decodeString, encodeClient } from "./grantColumns.ts"
import { hexDigest } from "./hexDigest.ts"

/** A row of `mooring_client_registrations`, as far as it is read. */
interface RegistrationRow {
  readonly id: string
  readonly organization_id: string
  /** JSON, as the next two. */
  readonly issuer: string
  readonly metadata: string
  /** Without its secret. */
  readonly client: string
  /** JWE. */
  readonly client_secret: string | null
  /** ISO 8601, UTC. */
  readonly created_at: string
  readonly expires_at: string | null
}

/** Dynamic registrations in the table `mooring_client_registrations`. */
export const layerSqlClientRegistrationStore = (timeout: Duration.Input) =>
  Layer.effect(
    ClientRegistrationStore,
    Effect.gen(function* () {
      const sql = (yield* SqlClient).withoutTransforms()
      const { decrypt, encrypt, keyId } = yield* makeTextSecrets("mooring_client_registrations")
      const method = yield* makeStoreMethod(timeout)

      const decode = Effect.fnUntraced(function* (row: RegistrationRow) {
        const secret = yield* decrypt(row, "client_secret", row.client_secret)
        const registration: ClientRegistration = {
          id: ClientRegistrationId.make(row.id),
          organizationId: row.organization_id,
          issuer: yield* decodeString(row.issuer),
          metadata: yield* decodeString(row.metadata),
          client: yield* decodeClient(row.client, secret),
          createdAt: yield* decodeTime(row.created_at),
          expiresAt: row.expires_at === null ? null : yield* decodeTime(row.expires_at),
        }
        return registration
      })

      const find = Effect.fnUntraced(function* (key: RegistrationKey) {
        const [row] = yield* sql<RegistrationRow>`
          select id, organization_id, issuer, metadata, client, client_secret, created_at, expires_at
          from mooring_client_registrations
          where organization_id = ${key.organizationId} and key_digest = ${yield* digestOf(key)}`
        return row === undefined ? Option.none() : Option.some(yield* decode(row))
      })

      const put = Effect.fnUntraced(function* (registration: ClientRegistration) {
        const { client, id, organizationId } = registration
        const row = { id, organization_id: organizationId }
        const columns = {
          ...row,
          key_digest: yield* digestOf(registration),
          issuer: JSON.stringify(registration.issuer),
          metadata: JSON.stringify(registration.metadata),
          client: encodeClient(client),
          client_secret: yield* encrypt(row, "client_secret", client.clientSecret),
          key_id: keyId,
          created_at: encodeTime(registration.createdAt),
          expires_at: registration.expiresAt === null ? null : encodeTime(registration.expiresAt),
        }
        yield* sql`
          insert into mooring_client_registrations ${sql.insert(columns)}
          on conflict (organization_id, key_digest) do update set
            id = excluded.id, client = excluded.client, client_secret = excluded.client_secret,
            key_id = excluded.key_id, created_at = excluded.created_at, expires_at = excluded.expires_at`
        yield* sql`
          delete from mooring_client_registrations where id in (
            select id from mooring_client_registrations where organization_id = ${organizationId}
            order by created_at desc, id limit 1000 offset ${maxRegistrations})`
      })

      const remove = ({ id, organizationId }: ClientRegistration) =>
        sql`delete from mooring_client_registrations where id = ${id} and organization_id = ${organizationId}`

      return ClientRegistrationStore.of({
        find: (key) => method("ClientRegistrationStore.find")(find(key)),
        put: (registration) => method("ClientRegistrationStore.put")(put(registration)),
        remove: (registration) =>
          method("ClientRegistrationStore.remove")(Effect.asVoid(remove(registration))),
      })
    }),
  )

const digestOf = ({ issuer, metadata }: RegistrationKey) => hexDigest(JSON.stringify([issuer, metadata]))
