import type { ServerLike } from '../../datamap/catalogue.ts'
import type { ColumnKind, ForeignKey, TableInfo } from '../port.ts'
import { type ColumnShape, plainColumn, type TableShape } from '../sql/dialect.ts'
import type { Session } from '../sql/statement.ts'
import { postgresDialect } from './dialect.ts'
import { postgresRules } from './rules.ts'

// Partitions are read through their parent; what an extension brought is not the application's.
const tablesSql = `
select json_agg(t) from (
  select c.oid::text as id, n.nspname as schema, c.relname as name, pg_table_is_visible(c.oid) as visible,
    c.relkind in ('v', 'm') as view,
    (select sum(greatest(l.reltuples, s.n_live_tup, 0))::bigint from pg_class l left join pg_stat_all_tables s on s.relid = l.oid
      where l.oid in (select relid from pg_partition_tree(c.oid) where isleaf) or (c.relkind <> 'p' and l.oid = c.oid)) as rows
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
    and n.nspname <> 'information_schema' and n.nspname !~ '^pg_' and has_schema_privilege(n.oid, 'USAGE')
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  order by n.nspname, c.relname) t`

const columnsSql = `
select json_agg(t) from (
  select a.attrelid::text as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
    bn.nspname as "castSchema", b.typname as "castName", not (a.attnotnull or t.typnotnull) as nullable,
    a.attgenerated <> '' as generated, a.atthasdef or a.attidentity <> '' as "hasDefault",
    a.attidentity <> '' or pg_get_expr(f.adbin, f.adrelid) like 'nextval(%' as numbered, l.collname as collation, l.collisdeterministic as exact,
    array(select e.enumlabel from pg_enum e where e.enumtypid = b.oid order by e.enumsortorder) as values,
    case when b.typname in ('varchar', 'bpchar') then greatest(a.atttypmod, t.typtypmod) - 4 else -1 end as length
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_type t on t.oid = a.atttypid left join pg_type t2 on t2.oid = t.typbasetype
    join pg_type b on b.oid = coalesce(nullif(t2.typbasetype, 0), nullif(t.typbasetype, 0), t.oid)
    join pg_namespace bn on bn.oid = b.typnamespace left join pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
    left join pg_collation l on l.oid = a.attcollation and l.collname <> 'default'
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_'
  order by a.attrelid, a.attnum) t`

const indexesSql = `
select json_agg(t) from (
  select i.indrelid::text as "table", i.indisprimary as primary, i.indisunique and i.indpred is null as unique,
    i.indpred is not null as partial, i.indnkeyatts as keys, pg_get_indexdef(i.indexrelid, 1, true) as first,
    array(select a.attname from unnest(i.indkey::int2[]) with ordinality k(attnum, at)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum where k.at <= i.indnkeyatts order by k.at) as columns
  from pg_index i where i.indisvalid order by i.indrelid, i.indexrelid) t`

const foreignKeysSql = `
select json_agg(t) from (
  select k.conrelid::text as "table", k.confrelid::text as target, k.confdeltype as on_delete, k.confupdtype as on_update, k.condeferrable as deferrable,
    array(select a.attname from unnest(k.conkey) with ordinality c(n, at) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.n order by c.at) as columns,
    array(select a.attname from unnest(k.confkey) with ordinality c(n, at) join pg_attribute a on a.attrelid = k.confrelid and a.attnum = c.n order by c.at) as refs
  from pg_constraint k where k.contype = 'f' and k.conparentid = 0 order by k.conrelid, k.conname) t`

interface Raw {
  readonly table: string
}
interface RawTable {
  readonly id: string
  readonly schema: string
  readonly name: string
  readonly visible: boolean
  readonly view: boolean
  readonly rows: number
}
interface RawColumn extends Raw {
  readonly name: string
  readonly type: string
  readonly castSchema: string
  readonly castName: string
  readonly nullable: boolean
  readonly generated: boolean
  readonly hasDefault: boolean
  readonly length: number
  readonly numbered: boolean | null
  readonly collation: string | null
  readonly exact: boolean | null
  readonly values: readonly string[]
}
interface RawIndex extends Raw {
  readonly primary: boolean
  readonly unique: boolean
  readonly partial: boolean
  readonly keys: number
  readonly first: string
  readonly columns: readonly string[]
}
interface RawForeignKey extends Raw {
  readonly target: string
  readonly on_delete: string
  readonly on_update: string
  readonly deferrable: boolean
  readonly columns: readonly string[]
  readonly refs: readonly string[]
}

/** A standby says so itself; a role that may only read is met by the probe. */
export async function postgresServer(session: Session): Promise<ServerLike> {
  const [row] = await session.select(
    "select pg_is_in_recovery()::text, (select reset_val from pg_settings where name = 'TimeZone')",
    [],
  )
  const [standby, zone] = row as readonly string[]
  return {
    isStrict: true,
    readOnly: standby === 'true' ? 'this server is a standby, which only repeats another' : null,
    zone: zone ?? 'UTC',
    canSeeTriggers: true,
  }
}

/** What this account can see. Tables outside the search path are called `schema.table`. */
export async function postgresTables(session: Session): Promise<TableShape[]> {
  const list = async <T>(sql: string): Promise<T[]> =>
    JSON.parse(((await session.select(sql, []))[0]?.[0] as string | null) ?? '[]') as T[]
  const tables = await list<RawTable>(tablesSql)
  const columns = Map.groupBy(await list<RawColumn>(columnsSql), (c) => c.table)
  const indexes = Map.groupBy(await list<RawIndex>(indexesSql), (i) => i.table)
  const foreignKeys = Map.groupBy(await list<RawForeignKey>(foreignKeysSql), (k) => k.table)
  const names = new Map(tables.map((t) => [t.id, t.visible ? t.name : `${t.schema}.${t.name}`]))
  const rules = await postgresRules(list, names)
  return tables.map((table) => {
    const shaped = (columns.get(table.id) ?? []).map(columnOf)
    const indexed = indexes.get(table.id) ?? []
    const info: TableInfo = {
      name: names.get(table.id) as string,
      kind: table.view ? 'view' : 'table',
      columns: shaped.map(plainColumn),
      ...keysOf(indexed),
      foreignKeys: (foreignKeys.get(table.id) ?? []).map((k) => foreignKeyOf(k, names)),
      ...rules(
        table.id,
        shaped.map((c) => c.name),
      ),
      transactional: true,
      estimatedRows: Number(table.rows),
    }
    const { quote } = postgresDialect
    return { info, sql: `${quote(table.schema)}.${quote(table.name)}`, columns: shaped }
  })
}

function keysOf(
  indexes: readonly RawIndex[],
): Pick<TableInfo, 'primaryKey' | 'uniqueKeys' | 'indexed' | 'indexedBlind'> {
  const whole = indexes.filter((i) => i.columns.length === i.keys)
  const first = (i: RawIndex) =>
    /^lower\(\(?"?(.+?)"?\)?(?:::text)?\)$/.exec(i.first)?.[1]?.replaceAll('""', '"')
  const served = indexes.filter((i) => !i.partial)
  return {
    primaryKey: whole.find((i) => i.primary)?.columns ?? [],
    uniqueKeys: whole.filter((i) => i.unique && !i.primary).map((i) => i.columns),
    indexed: unique(served.flatMap((i) => (i.first.includes('(') ? [] : (i.columns[0] ?? [])))),
    indexedBlind: unique(served.flatMap((i) => first(i) ?? [])),
  }
}

function columnOf(raw: RawColumn): ColumnShape {
  const { quote } = postgresDialect
  const kind = kindOf(raw.castName)
  return {
    name: raw.name,
    type: raw.type,
    kind,
    nullable: raw.nullable,
    generated: raw.generated,
    maxLength: raw.length > 0 ? raw.length : null,
    hasDefault: raw.hasDefault,
    ...(kind === 'instant' && { zoned: raw.castName === 'timestamptz' }),
    ...(raw.numbered && { numbered: true }),
    ...(raw.values.length > 0 && { values: raw.values }),
    ...collationOf(raw),
    cast: `${quote(raw.castSchema)}.${quote(raw.castName)}`,
    caseBlind: raw.castName === 'citext',
    selfUpdating: false,
  }
}

/** What a collation that is not deterministic takes for equal is its own affair: perhaps everything. */
const collationOf = ({ castName, collation, exact }: RawColumn): Pick<ColumnShape, 'collation'> =>
  collation === null && castName !== 'citext'
    ? {}
    : {
        collation: {
          name: collation ?? castName,
          ignoresCase: exact === false || castName === 'citext',
          ignoresAccents: exact === false,
          ignoresTrailingBlanks: castName === 'bpchar',
        },
      }

function kindOf(type: string): ColumnKind {
  if (['text', 'varchar', 'bpchar', 'citext', 'name'].includes(type)) return 'text'
  if (['int2', 'int4', 'int8', 'oid'].includes(type)) return 'integer'
  if (['numeric', 'float4', 'float8', 'money'].includes(type)) return 'decimal'
  if (type === 'bool') return 'boolean'
  if (type === 'timestamp' || type === 'timestamptz') return 'instant'
  if (type === 'date') return 'date'
  if (type === 'bytea') return 'bytes'
  return type === 'json' || type === 'jsonb' ? 'json' : 'other'
}

const actions: Readonly<Record<string, ForeignKey['onDelete']>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
}

const foreignKeyOf = (raw: RawForeignKey, names: ReadonlyMap<string, string>): ForeignKey => ({
  columns: raw.columns,
  table: names.get(raw.target) ?? '',
  references: raw.refs,
  onDelete: actions[raw.on_delete] ?? 'no action',
  onUpdate: actions[raw.on_update] ?? 'no action',
  deferrable: raw.deferrable,
})

const unique = (list: readonly string[]): string[] => [...new Set(list)]
