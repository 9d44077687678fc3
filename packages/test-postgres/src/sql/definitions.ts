// What a database holds besides rows. Each query gives one column of text.

const ours = "nspname !~ '^pg_' and nspname <> 'information_schema'"

/** Objects below this number came with the server (FirstNormalObjectId). */
const first = 16_384

export const definitions: Readonly<Record<string, string>> = {
  columns: `
    select format('%s.%s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod))
      || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
    from pg_attribute a
      join pg_class c on c.oid = a.attrelid
      join pg_namespace n on n.oid = c.relnamespace
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where ${ours} and a.attnum > 0 and not a.attisdropped and c.relkind not in ('i', 'I')
    order by a.attrelid, a.attnum`,
  constraints: `
    select format('%s %s: %s', conrelid::regclass, conname, pg_get_constraintdef(k.oid))
    from pg_constraint k join pg_namespace n on n.oid = k.connamespace where ${ours}`,
  indexes: `
    select pg_get_indexdef(i.indexrelid)
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    where ${ours}`,
  views: `
    select format('%s: %s', c.oid::regclass, pg_get_viewdef(c.oid))
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${ours} and relkind in ('v', 'm')`,
  functions: `
    select pg_get_functiondef(p.oid)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${ours} and prokind <> 'a'`,
  aggregates: `
    select concat_ws(' ', aggfnoid, agginitval, aggminitval)
    from pg_aggregate g join pg_proc p on p.oid = g.aggfnoid join pg_namespace n on n.oid = p.pronamespace
    where ${ours}`,
  triggers: `
    select pg_get_triggerdef(t.oid)
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where ${ours} and not tgisinternal`,
  "event triggers": `select format('%s on %s: %s', evtname, evtevent, evtfoid::regproc) from pg_event_trigger`,
  rules: `
    select pg_get_ruledef(r.oid)
    from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
    where ${ours}`,
  policies: `select p::text from pg_policies p`,
  sequences: `select s::text from pg_sequences s`,
  enums: `select format('%s: %s', enumtypid::regtype, enumlabel) from pg_enum`,
  settings: `
    select array_to_string(setconfig, ', ') from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
    where datname = current_database()`,
  comments: `
    select description from pg_description where objoid >= ${first}
    union all
    select description from pg_shdescription where objoid >= ${first}`,
  // They hold copies of the most common values.
  statistics: `select s::text from pg_stats s where schemaname !~ '^pg_' and schemaname <> 'information_schema'`,
}

/** Partitioned tables have no rows of their own. Large objects are for those who may read all of them. */
export const tables = `
  select c.oid::regclass::text
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${ours} and relkind in ('r', 'm')
  union all
  select 'pg_catalog.pg_largeobject' where has_table_privilege('pg_catalog.pg_largeobject', 'select')
  order by 1`
