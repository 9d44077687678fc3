import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"

/**
 * Servers with their tools. Times are ISO 8601 in UTC, JSON is text: so both databases keep the same rows, and no value
 * is changed on its way (PostgreSQL's `jsonb` refuses `\u0000` and forgets the order of keys).
 */
export const createServersAndTools = Effect.gen(function* () {
  const sql = yield* SqlClient
  const position = sql.onDialectOrElse({
    pg: () => sql.literal("seq bigint generated always as identity"),
    orElse: () => sql.literal("seq integer primary key autoincrement"),
  })
  yield* sql`
    create table mooring_servers (
      ${position},
      id text not null unique,
      organization_id text not null,
      name text not null,
      config text not null,
      auth_token text,
      custom_headers text,
      env text,
      key_id text,
      revision integer not null,
      version integer not null,
      tools_version integer not null,
      created_by text not null,
      updated_by text not null,
      created_at text not null,
      updated_at text not null,
      unique (organization_id, name)
    )`
  yield* sql`create unique index mooring_servers_seq on mooring_servers (organization_id, seq)`
  yield* sql`create index mooring_servers_key_id on mooring_servers (key_id) where key_id is not null`
  yield* sql`
    create table mooring_tools (
      id text not null primary key,
      server_id text not null references mooring_servers (id) on delete cascade,
      position integer not null,
      definition text not null,
      schema_health text not null,
      created_by text not null,
      updated_by text not null,
      unique (server_id, position)
    )`
  yield* sql.onDialectOrElse({ pg: () => notifyOfChanges(sql), orElse: () => Effect.void })
})

/**
 * The database itself tells the other nodes of every change, within the transaction that makes it. A server's `version`
 * counts the changes of its record, `tools_version` those of its tools.
 */
const notifyOfChanges = Effect.fnUntraced(function* (sql: SqlClient) {
  yield* sql`
    create function mooring_notify() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then
        perform pg_notify('mooring', json_build_object('type', 'server_removed', 'serverId', old.id)::text);
        return null;
      end if;
      if new.version <> old.version then
        perform pg_notify('mooring', json_build_object(
          'type', 'server_changed', 'serverId', new.id, 'revision', new.revision)::text);
      end if;
      if new.tools_version <> old.tools_version then
        perform pg_notify('mooring', json_build_object('type', 'tools_changed', 'serverId', new.id)::text);
      end if;
      return null;
    end $$`
  yield* sql`
    create trigger mooring_notify after update or delete on mooring_servers
    for each row execute function mooring_notify()`
})
