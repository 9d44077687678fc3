import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { type PostgresServer, startPostgres } from "../src/index.ts"
import { query } from "./query.ts"

// What holds for either kind of server.
describe.each(["embedded", "of DATABASE_URL"])("a server, %s", (kind) => {
  const servers = new AsyncDisposableStack()
  let server: PostgresServer

  beforeAll(async () => {
    vi.stubEnv("DATABASE_URL", undefined)
    server = servers.use(await startPostgres())
    if (kind === "of DATABASE_URL") {
      vi.stubEnv("DATABASE_URL", await server.createDatabase())
      server = servers.use(await startPostgres())
    }
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await servers.disposeAsync()
  })

  test("databases are separate", async () => {
    const [one, other] = await Promise.all([server.createDatabase(), server.createDatabase()])
    expect(one).toMatch(/^postgres:\/\/\w+:\w+@127\.0\.0\.1:\d+\/\w+$/)
    expect(other).not.toBe(one)
    await query(one, "create table here (id int)")
    await expect(query(other, "select * from here")).rejects.toThrow(/relation "here" does not exist/)
  })

  test("200 connections", async () => {
    const url = await server.createDatabase()
    expect(await query(url, "show max_connections")).toEqual([{ max_connections: "200" }])
  })

  const canary = "canary-b1d7"
  const places = {
    "a row": `create table t as select '${canary}' as a`,
    "a row of a partition": `create table t (a text) partition by list (a); create table u partition of t default;
      insert into t values ('${canary}')`,
    "a row that policies hide": `create table t as select '${canary}' as a;
      alter table t enable row level security; alter table t force row level security`,
    "a row in another schema": `create schema "s s"; create table "s s"."T t" as select '${canary}' as a`,
    JSON: `create table t as select '{"a":["${canary}"]}'::jsonb as a`,
    bytes: `create table t as select convert_to('${canary}', 'UTF8') as a`,
    "a large object": `select lo_from_bytea(0, convert_to('${canary}', 'UTF8'))`,
    "rows of a materialized view": `create materialized view v as select reverse('${[...canary].toReversed().join("")}') as a`,
    "a view": `create view v as select '${canary}' as a`,
    "a default": `create table t (a text default '${canary}')`,
    "a generated column": `create table t (a text generated always as ('${canary}') stored)`,
    "a constraint": `create table t (a text check (a <> '${canary}'))`,
    "an index": `create table t (a text); create index on t (a) where a <> '${canary}'`,
    "a function": `create function f() returns text language sql as $$ select '${canary}' $$`,
    "an aggregate": `create aggregate g(text) (sfunc = textcat, stype = text, initcond = '${canary}')`,
    "a trigger": `create table t (a text); create function f() returns trigger language plpgsql as 'begin end';
      create trigger x before insert on t for each row execute function f('${canary}')`,
    "a rule": `create table t (a text); create rule r as on insert to t do also select '${canary}'`,
    "a policy": `create table t (a text); create policy p on t using (a <> '${canary}')`,
    "an enum": `create type e as enum ('${canary}')`,
    "a domain": `create domain d as text check (value <> '${canary}')`,
    "a comment": `create table t (a text); comment on column t.a is '${canary}'`,
    "a setting": `do 'begin execute format($$alter database %I set my.x = "${canary}"$$, current_database()); end'`,
    statistics: `create table t as select '${canary}'::text as a from generate_series(1, 9); analyze t; truncate t`,
  }
  test.each(Object.entries(places))("dump shows %s", async (_, statements) => {
    const url = await server.createDatabase()
    expect(await server.dump(url)).not.toContain(canary)
    await query(url, statements)
    expect(await server.dump(url)).toContain(canary)
  })

  test("dump names what it shows, and reads as a table", async () => {
    const url = await server.createDatabase()
    await query(url, "create table t (id int, name text, at timestamptz)")
    await query(url, "insert into t values (1, 'Zoë', null), (2, E'it''s \\\\ \"this\"', '2026-01-02Z')")
    expect(await server.dump(url)).toContain(
      `-- rows of public.t\nid\tname\tat\n1\tZoë\tnull\n2\tit's \\ "this"\t2026-01-02 00:00:00+00`,
    )
  })

  test("closing twice is closing once", async () => {
    const other = await startPostgres()
    await other.createDatabase()
    await Promise.all([other.close(), other.close()])
    await other.close()
    expect(await query(await server.createDatabase(), "select 1 as one")).toEqual([{ one: 1 }])
  })
})
