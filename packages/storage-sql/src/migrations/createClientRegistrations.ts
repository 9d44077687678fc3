import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"

/** Dynamic registrations of clients, found by the digest of issuer and metadata, which may be any text of any length. */
export const createClientRegistrations = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* sql`
    create table mooring_client_registrations (
      id text not null primary key,
      organization_id text not null,
      key_digest text not null,
      issuer text not null,
      metadata text not null,
      client text not null,
      client_secret text,
      key_id text not null,
      created_at text not null,
      expires_at text
    )`
  yield* sql`
    create unique index mooring_client_registrations_key
    on mooring_client_registrations (organization_id, key_digest)`
  yield* sql`
    create index mooring_client_registrations_created_at
    on mooring_client_registrations (organization_id, created_at)`
  yield* sql`create index mooring_client_registrations_key_id on mooring_client_registrations (key_id)`
})
