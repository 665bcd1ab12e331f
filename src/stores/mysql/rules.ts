import type { CheckLike, CollationLike, ServerLike, TriggerLike } from '../../datamap/catalogue.ts'
import type { TableInfo } from '../port.ts'
import type { Session } from '../sql/statement.ts'
import { bodyOf, namesIn, tokensOf } from '../sql/tokens.ts'

type Cell = string | null
export type Ask = (sql: string) => Promise<Cell[][]>

const checksSql = `
SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS
WHERE CONSTRAINT_SCHEMA = DATABASE() ORDER BY 1, 2`
// MySQL names the table elsewhere, and gives no two of a schema one name.
const mysqlChecksSql = `
SELECT t.TABLE_NAME, c.CONSTRAINT_NAME, c.CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS c JOIN information_schema.TABLE_CONSTRAINTS t
  ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME AND t.CONSTRAINT_TYPE = 'CHECK'
WHERE c.CONSTRAINT_SCHEMA = DATABASE() AND t.ENFORCED = 'YES' ORDER BY 1, 2`
const triggersSql = `
SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT, TRIGGER_SCHEMA
FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE() ORDER BY 1, 2`
const partitionsSql = `
SELECT DISTINCT TABLE_NAME, PARTITION_EXPRESSION, COALESCE(SUBPARTITION_EXPRESSION, '') FROM information_schema.PARTITIONS
WHERE TABLE_SCHEMA = DATABASE() AND PARTITION_NAME IS NOT NULL`
const viewsSql = `
SELECT TABLE_NAME, VIEW_DEFINITION, TABLE_SCHEMA FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()`

export type Rules = Pick<TableInfo, 'checks' | 'triggers' | 'fires' | 'partitionedBy' | 'reads'>

/** What rules over a table's rows besides its columns and keys. */
export async function mysqlRules(ask: Ask): Promise<(table: string, columns: readonly string[]) => Rules> {
  const by = (rows: Cell[][]) => Map.groupBy(rows, (row) => row[0] as string)
  const checks = by(await ask(checksSql).catch(() => ask(mysqlChecksSql)))
  const triggers = by(await ask(triggersSql))
  const partitions = by(await ask(partitionsSql))
  const views = by(await ask(viewsSql))
  return (table, columns) => {
    const fires = (triggers.get(table) ?? []).map(triggerOf)
    const [view] = views.get(table) ?? []
    return {
      checks: (checks.get(table) ?? []).map(([, name, clause]) => checkOf(name ?? '', clause ?? '', columns)),
      triggers: fires.map((trigger) => trigger.name),
      fires,
      partitionedBy: namesIn((partitions.get(table) ?? []).flatMap((row) => row.slice(1)).join(' '), columns),
      reads: view ? tablesRead(view[1] ?? '', view[2] ?? '') : [],
    }
  }
}

const checkOf = (name: string, sql: string, columns: readonly string[]): CheckLike => ({
  name,
  sql,
  columns: namesIn(sql, columns),
})

function triggerOf([, name, timing, event, body, schema]: Cell[]): TriggerLike {
  const read = bodyOf(body ?? '', schema ?? undefined)
  return {
    name: name as string,
    timing: timing === 'BEFORE' ? 'before' : 'after',
    events: [event?.toLowerCase() as TriggerLike['events'][number]],
    ...read,
    // An account without the TRIGGER privilege sees that there is one, and no text.
    isOpaque: read.isOpaque || !body,
  }
}

/** A view is kept with every name quoted and every table under its schema; a column stands under its table. */
function tablesRead(sql: string, schema: string): string[] {
  const tokens = tokensOf(sql)
  const found = tokens.flatMap((token, i) => {
    const table = tokens[i + 2]
    const isTable = token.text === schema && tokens[i + 1]?.text === '.' && table?.kind === 'name'
    return isTable && tokens[i - 1]?.text !== '.' ? [table.text] : []
  })
  return [...new Set(found)]
}

export const valuesOf = (type: string): string[] =>
  /^(enum|set)\(/i.test(type)
    ? tokensOf(type).flatMap((t) => (t.kind === 'text' ? [t.text.slice(1, -1).replaceAll("''", "'")] : []))
    : []

export const collationOf = (name: string): CollationLike => ({
  name,
  ignoresCase: name.endsWith('_ci'),
  ignoresAccents: name.endsWith('_ci') && !/_as_/.test(name),
  ignoresTrailingBlanks: !/_nopad_|_0900_|^binary$/.test(name),
})

const serverSql = `
SELECT @@GLOBAL.sql_mode, IF(@@GLOBAL.time_zone = 'SYSTEM', @@system_time_zone, @@GLOBAL.time_zone), CAST(@@GLOBAL.read_only AS CHAR),
  CAST((SELECT count(*) FROM information_schema.USER_PRIVILEGES WHERE PRIVILEGE_TYPE = 'TRIGGER')
    + (SELECT count(*) FROM information_schema.SCHEMA_PRIVILEGES WHERE PRIVILEGE_TYPE = 'TRIGGER' AND DATABASE() LIKE TABLE_SCHEMA)
    + (SELECT count(*) FROM information_schema.TABLE_PRIVILEGES WHERE PRIVILEGE_TYPE = 'TRIGGER' AND TABLE_SCHEMA = DATABASE()) AS CHAR)`

export async function mysqlServer(session: Session): Promise<ServerLike> {
  const [row] = await session.select(serverSql, [])
  const [mode, zone, readOnly, triggers] = (row ?? []).map(String)
  return {
    isStrict: /STRICT_(ALL|TRANS)_TABLES|TRADITIONAL/.test(mode ?? ''),
    readOnly: readOnly === '0' || readOnly === 'OFF' ? null : 'this server is set read_only, as a replica is',
    zone: zone ?? 'SYSTEM',
    canSeeTriggers: Number(triggers) > 0,
  }
}
