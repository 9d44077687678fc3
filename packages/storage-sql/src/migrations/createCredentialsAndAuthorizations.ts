import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"

/**
 * Credentials of users, and the sign-ins that lead to them. A resource is a URL of thousands of characters at most, for
 * which no index has room: credentials are found by its digest.
 */
export const createCredentialsAndAuthorizations = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* sql`
    create table mooring_credentials (
      id text not null primary key,
      organization_id text not null,
      user_id text not null,
      resource text not null,
      resource_digest text not null,
      authorization_server text not null,
      client text not null,
      client_secret text,
      resource_indicator text,
      access_token text not null,
      refresh_token text,
      scope text,
      expires_at text,
      key_id text not null,
      version integer not null,
      leased_until text
    )`
  // In this order it also finds those of all users.
  yield* sql`
    create unique index mooring_credentials_owner
    on mooring_credentials (organization_id, resource_digest, user_id)`
  yield* sql`create index mooring_credentials_key_id on mooring_credentials (key_id)`
  yield* sql`
    create table mooring_authorizations (
      id text not null primary key,
      organization_id text not null,
      user_id text not null,
      resource text not null,
      server_name text not null,
      state_hash text not null unique,
      authorization_server text not null,
      client text not null,
      client_secret text,
      resource_indicator text,
      scope text,
      redirect_uri text not null,
      code_verifier text not null,
      key_id text not null,
      state text not null,
      failure text,
      expires_at text not null
    )`
  yield* sql`create index mooring_authorizations_expires_at on mooring_authorizations (expires_at)`
  yield* sql`create index mooring_authorizations_key_id on mooring_authorizations (key_id)`
  yield* sql.onDialectOrElse({ pg: () => notifyOfChanges(sql), orElse: () => Effect.void })
})

/**
 * The database itself tells the other nodes of every change, within the transaction that makes it: of a credential when
 * it comes, goes, or gets other tokens, which is when `expires_at` is written with them; of a sign-in when it ends.
 */
const notifyOfChanges = Effect.fnUntraced(function* (sql: SqlClient) {
  yield* sql`
    create function mooring_notify_credential() returns trigger language plpgsql as $$
    declare
      changed record;
      payload text;
    begin
      if tg_op = 'DELETE' then changed := old; else changed := new; end if;
      payload := json_build_object('type', 'credential_changed', 'organizationId', changed.organization_id,
        'userId', changed.user_id, 'resource', changed.resource)::text;
      -- PostgreSQL takes 7999 bytes. Longer ones are rare enough to say no more than that something has changed.
      if octet_length(payload) > 7999 then payload := '{"type":"resumed"}'; end if;
      perform pg_notify('mooring', payload);
      return null;
    end $$`
  yield* sql`
    create trigger mooring_notify after insert or delete or update of expires_at on mooring_credentials
    for each row execute function mooring_notify_credential()`
  yield* sql`
    create function mooring_notify_authorization() returns trigger language plpgsql as $$
    begin
      perform pg_notify('mooring', json_build_object('type', 'authorization_changed',
        'organizationId', new.organization_id, 'authorizationId', new.id)::text);
      return null;
    end $$`
  yield* sql`
    create trigger mooring_notify after update of state on mooring_authorizations
    for each row when (new.state in ('completed', 'failed')) execute function mooring_notify_authorization()`
})
