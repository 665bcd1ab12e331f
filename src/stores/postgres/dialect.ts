import type { Value } from '../port.ts'
import type { Bound, ColumnShape, Dialect } from '../sql/dialect.ts'
import { asBoolean, asDecimal, asInteger, bytesOf, int64, isMoment, textOf } from '../sql/values.ts'

const uuid = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

/** Types compared as themselves; every other one (enum, inet, json, arrays, your own) by its text. */
const typed = new Map<string, (text: string) => string | undefined>([
  ['int2', (t) => asInteger(t, -32768n, 32767n)],
  ['int4', (t) => asInteger(t, -(2n ** 31n), 2n ** 31n - 1n)],
  ['int8', (t) => asInteger(t, int64.min, int64.max)],
  ['oid', (t) => asInteger(t, 0n, 2n ** 32n - 1n)],
  ['numeric', (t) => (t === 'NaN' ? t : asDecimal(t))],
  ['float4', (t) => float(t, 3.4e38)],
  ['float8', (t) => float(t, Number.MAX_VALUE)],
  ['bool', (t) => asBoolean(t)?.toString()],
  ['uuid', (t) => (uuid.test(t) ? t : undefined)],
  ['date', (t) => (isMoment(t) && /^[\d-]+( BC)?$/.test(t) ? t : infinite(t))],
  ['timestamp', (t) => (isMoment(t) ? t : infinite(t))],
  ['timestamptz', (t) => (isMoment(t) ? t : infinite(t))],
  ...['text', 'varchar', 'bpchar', 'name', 'citext'].map((n) => [n, withoutNul] as const),
])

const nameOf = (column: ColumnShape): string => /"([^"]+)"$/.exec(column.cast)?.[1] ?? ''
const infinite = (t: string) => (/^-?infinity$/.test(t) ? t : undefined)
const float = (t: string, most: number) =>
  /^(NaN|-?Infinity)$/.test(t) || Math.abs(Number(asDecimal(t) ?? 'NaN')) <= most ? t : undefined
function withoutNul(t: string): string | undefined {
  return t.includes('\0') ? undefined : t
}

const isText = (column: ColumnShape) =>
  ['text', 'varchar', 'bpchar', 'name', 'citext'].includes(nameOf(column))

export const postgresDialect: Dialect = {
  kind: 'postgres',
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  placeholder: (n) => `$${n}`,
  overriding: ' OVERRIDING SYSTEM VALUE',
  checksEachRow: false,
  fromNothing: '',
  forUpdate: ' FOR UPDATE',
  caseOfTables: true,
  caseOfColumns: true,
  maxParameters: 65_535,
  nullsFirst: false,
  read: (_, sql) => sql,
  // What a cast to text would have to spell out first is told by its size on disk, which may be packed.
  bytes: (column, sql) =>
    column.kind === 'bytes' || isText(column) ? `octet_length(${sql})` : `pg_column_size(${sql}) * 8`,
  piece: (column, sql, from, length) =>
    `substring(${column.kind === 'bytes' ? sql : `${sql}::text`} from ${from} for ${length})`,
  decode(column, raw) {
    if (raw === null || raw === undefined) return null
    const text = raw as string
    if (column.kind === 'bytes') return new Uint8Array(Buffer.from(text.slice(2), 'hex'))
    if (column.kind === 'boolean') return text === 't' ? 'true' : 'false'
    return text
  },
  // By what the type itself prints, as it is read: a cast of inet to text adds /32.
  compared: (column, sql) =>
    column.kind === 'bytes' || typed.has(nameOf(column))
      ? sql
      : `CASE WHEN ${sql} IS NOT NULL THEN format('%s', ${sql}) COLLATE "C" END`,
  comparable(column, value) {
    if (column.kind === 'bytes') return cast(bytesOf(value), column)
    const read = typed.get(nameOf(column))
    const text = (read ?? withoutNul)(textOf(value))
    if (text === undefined) return undefined
    return read ? cast(text, column) : { value: text, wrap: (p) => `${p}::text` }
  },
  identical: (column, sql) =>
    (isText(column) && nameOf(column) !== 'bpchar') || /^float[48]$/.test(nameOf(column))
      ? {
          left: `${sql}::text COLLATE "C"`,
          bound: (value) => ({ value: textOf(value), wrap: (p) => `${p}::text` }),
        }
      : undefined,
  writable(column, value: Value) {
    if (value === null) return cast(null, column)
    if (column.kind === 'bytes') return cast(bytesOf(value), column)
    return cast(textOf(value), column)
  },
  tuplesIn: (left, tuples) =>
    `(${left.join(', ')}) IN (VALUES ${tuples.map((t) => `(${t.join(', ')})`).join(', ')})`,
  compareTuples: (left, operator, right) =>
    `(${left.join(', ')}) ${operator} (${left.map((_, i) => right(i)).join(', ')})`,
  // lower(…) by the column's own name, so that an index on lower(email) serves; citext too: its own operators are found
  // only when its schema is in the search path, and text's would be used without a word.
  caseBlind: (column, sql) => ({
    left: column.kind === 'bytes' ? `lower(encode(${sql}, 'escape'))` : `lower(${sql}::text)`,
    right: (p) => `lower(${p}::text)`,
  }),
  isMoment(column, sql) {
    if (['date', 'timestamp', 'timestamptz'].includes(nameOf(column))) return `isfinite(${sql})`
    return isText(column) ? `${sql} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}' AND ${sql} !~ '^0000'` : undefined
  },
}

/** To the type without its length or precision: a cast to varchar(3) would cut the value, an assignment refuses it. */
const cast = (value: unknown, column: ColumnShape): Bound => ({ value, wrap: (p) => `${p}::${column.cast}` })
