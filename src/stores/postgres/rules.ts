import type { CheckLike, RuleKeyLike, TriggerLike } from '../../datamap/catalogue.ts'
import type { TableInfo } from '../port.ts'
import { bodyOf, namesIn, tokensOf } from '../sql/tokens.ts'

// A domain's rule is a rule of every column that is of it.
const checksSql = `
select json_agg(t) from (
  select k.conrelid::text as "table", k.conname as name, pg_get_expr(k.conbin, k.conrelid) as sql, null as domain,
    array(select a.attname from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any(k.conkey)) as columns
  from pg_constraint k where k.contype = 'c' and k.conrelid <> 0
  union all
  select a.attrelid::text, k.conname, regexp_replace(pg_get_constraintdef(k.oid), '^CHECK \\((.*)\\)( NOT VALID)?$', '\\1'), a.attname, array[a.attname]
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_constraint k on k.contypid = a.atttypid and k.contype = 'c'
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p')
  order by 1, 2) t`

const ruleKeysSql = `
select json_agg(t) from (
  select i.indrelid::text as "table", c.relname as name, pg_get_indexdef(i.indexrelid) as sql,
    array(select distinct a.attname from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refobjid = i.indrelid and d.refobjsubid > 0) as columns
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where i.indisunique and i.indisvalid and (i.indpred is not null or i.indexprs is not null) order by 1, 2) t`

// A rule is a trigger by another name; partitions repeat those of their parent.
const triggersSql = `
select json_agg(t) from (
  select t.tgrelid::text as "table", t.tgname as name, t.tgtype::int as type, p.prosrc as body, l.lanname as language
  from pg_trigger t join pg_proc p on p.oid = t.tgfoid join pg_language l on l.oid = p.prolang
  where not t.tgisinternal and t.tgenabled <> 'D'
  union all
  select r.ev_class::text, r.rulename, case r.ev_type when '2' then 16 when '3' then 4 else 8 end, pg_get_ruledef(r.oid), 'rule'
  from pg_rewrite r where r.rulename <> '_RETURN' and r.ev_enabled <> 'D' and r.ev_type in ('2', '3', '4')
  order by 1, 2) t`

const kinSql = `
select json_agg(t) from (
  select c.oid::text as "table", c.relkind = 'm' as materialised,
    case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition,
    array(select distinct d.refobjid::text from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
      where r.ev_class = c.oid and c.relkind in ('v', 'm') and d.refclassid = 'pg_class'::regclass and d.refobjid <> c.oid) as reads,
    array(select i.inhrelid::text from pg_inherits i join pg_class h on h.oid = i.inhrelid where i.inhparent = c.oid and not h.relispartition) as heirs,
    c.relrowsecurity as guarded, row_security_active(c.oid) as hides,
    array(select p.polname from pg_policy p where p.polrelid = c.oid order by 1) as policies
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' order by 1) t`

interface Raw {
  readonly table: string
}
interface RawCheck extends Raw, CheckLike {
  readonly domain: string | null
}
interface RawTrigger extends Raw {
  readonly name: string
  readonly type: number
  readonly body: string
  readonly language: string
}
interface RawKin extends Raw {
  readonly materialised: boolean
  readonly partition: string | null
  readonly reads: readonly string[]
  readonly heirs: readonly string[]
  readonly guarded: boolean
  readonly hides: boolean
  readonly policies: readonly string[]
}

export type Rules = Pick<
  TableInfo,
  | 'checks'
  | 'ruleKeys'
  | 'triggers'
  | 'fires'
  | 'partitionedBy'
  | 'inheritedBy'
  | 'materialised'
  | 'reads'
  | 'rowSecurity'
>

/** What rules over a table's rows besides its columns and keys; `names` by object id, as the catalogue calls them. */
export async function postgresRules(
  list: <T>(sql: string) => Promise<T[]>,
  names: ReadonlyMap<string, string>,
): Promise<(table: string, columns: readonly string[]) => Rules> {
  const checks = Map.groupBy(await list<RawCheck>(checksSql), (c) => c.table)
  const ruleKeys = Map.groupBy(await list<Raw & RuleKeyLike>(ruleKeysSql), (k) => k.table)
  const triggers = Map.groupBy(await list<RawTrigger>(triggersSql), (t) => t.table)
  const kin = new Map((await list<RawKin>(kinSql)).map((k) => [k.table, k]))
  const called = (ids: readonly string[]) => ids.flatMap((id) => names.get(id) ?? [])
  return (table, columns) => {
    const fires = (triggers.get(table) ?? []).map(triggerOf)
    const own = kin.get(table)
    return {
      checks: (checks.get(table) ?? []).map(checkOf),
      ruleKeys: (ruleKeys.get(table) ?? []).map(({ name, columns, sql }) => ({ name, columns, sql })),
      triggers: fires.map((t) => t.name),
      fires,
      partitionedBy: own?.partition ? namesIn(own.partition, columns) : [],
      inheritedBy: called(own?.heirs ?? []),
      materialised: own?.materialised ?? false,
      reads: called(own?.reads ?? []),
      ...(own?.guarded && { rowSecurity: { policies: own.policies, applies: own.hides } }),
    }
  }
}

const checkOf = ({ name, columns, sql, domain }: RawCheck): CheckLike => ({
  name,
  columns,
  sql: domain === null ? sql : ofColumn(sql, domain),
})

/** A domain's rule speaks of VALUE. */
function ofColumn(sql: string, column: string): string {
  let at = 0
  let said = ''
  for (const token of tokensOf(sql)) {
    if (token.kind !== 'word' || token.text !== 'VALUE') continue
    said += `${sql.slice(at, token.at)}"${column.replaceAll('"', '""')}"`
    at = token.end
  }
  return said + sql.slice(at)
}

const eventBits = [
  [4, 'insert'],
  [8, 'delete'],
  [16, 'update'],
  [32, 'truncate'],
] as const

function triggerOf({ name, type, body, language }: RawTrigger): TriggerLike {
  const { writes, sets, isOpaque } = bodyOf(
    language === 'rule' ? body.replace(/^.*?\bDO\b/s, '') : body,
    'public',
  )
  const isRead = ['plpgsql', 'sql', 'rule'].includes(language)
  return {
    name,
    timing: type & 64 ? 'instead of' : type & 2 ? 'before' : 'after',
    events: eventBits.flatMap(([bit, event]) => (type & bit ? [event] : [])),
    writes: isRead ? writes : [],
    sets: isRead ? sets : [],
    // What is built in works on its own row only.
    isOpaque: isRead ? isOpaque : language !== 'internal',
  }
}
