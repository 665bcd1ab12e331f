import type { Value } from '../port.ts'
import type { ColumnShape, Dialect } from '../sql/dialect.ts'
import { asBoolean, asDecimal, asInteger, bytesOf, int64 } from '../sql/values.ts'

/** SQLite's affinity of a declared type (its manual, "Determination of column affinity"). */
export function affinityOf(declared: string): 'INTEGER' | 'TEXT' | 'BLOB' | 'REAL' | 'NUMERIC' | 'NONE' {
  const type = declared.toUpperCase()
  if (type.includes('INT')) return 'INTEGER'
  if (/CHAR|CLOB|TEXT/.test(type)) return 'TEXT'
  if (type === '' || type === 'ANY') return 'NONE'
  if (type.includes('BLOB')) return 'BLOB'
  return /REAL|FLOA|DOUB/.test(type) ? 'REAL' : 'NUMERIC'
}

/** Our own SQL function, on our connections only: bytes as text that LIKE can look through. */
export const readable = 'lethe_readable'

/** Another: a number or text as we read it. */
export const spelled = 'lethe_spelled'

/** SQLite writes 5.0 for the real five, so that it is told from the whole one. */
export const numberText = (raw: bigint | number): string =>
  typeof raw === 'number' && /^-?\d+$/.test(`${raw}`) ? `${raw}.0` : `${raw}`

const isNumeric = (column: ColumnShape) => ['INTEGER', 'REAL', 'NUMERIC'].includes(column.cast)

export const sqliteDialect: Dialect = {
  kind: 'sqlite',
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  placeholder: () => '?',
  overriding: '',
  checksEachRow: false,
  fromNothing: '',
  forUpdate: '',
  caseOfTables: false,
  caseOfColumns: false,
  maxParameters: 32_766,
  nullsFirst: true,
  read: (_, sql) => sql,
  stray: ({ kind }, sql) =>
    // A moment written as text is what such a column is for.
    kind === 'instant' || kind === 'date'
      ? `(instr(${sql}, '@') OR length(${sql}) > 30)`
      : `typeof(${sql}) IN ('text', 'blob')`,
  bytes: (_, sql) => `octet_length(${sql})`,
  piece: (_, sql, from, length) => `substr(${sql}, ${from}, ${length})`,
  decode(column, raw) {
    if (raw === null || raw === undefined) return null
    if (column.kind === 'boolean' && (raw === 0n || raw === 1n)) return String(raw === 1n)
    if (typeof raw === 'bigint' || typeof raw === 'number') return numberText(raw)
    return typeof raw === 'string' ? raw : new Uint8Array(raw as Buffer)
  },
  // A column without affinity holds 5 and '5' side by side, and finds neither for the other: compared as text.
  compared: (column, sql) =>
    column.cast === 'NONE'
      ? `CASE typeof(${sql}) WHEN 'blob' THEN ${sql} ELSE CAST(${sql} AS TEXT) END`
      : sql,
  comparable(column, value) {
    if (typeof value !== 'string') return { value: bytesOf(value) }
    if (!isNumeric(column)) return { value }
    const flag = column.kind === 'boolean' ? asBoolean(value) : undefined
    if (flag !== undefined) return { value: flag ? 1n : 0n }
    // Text goes by the column's affinity: ' 5 ' would find 5, and twenty digits the nearest real number.
    const bare = value.trim()
    if (bare !== value && asDecimal(bare) !== undefined) return undefined
    if (/^[+-]?\d+$/.test(value) && asInteger(value, int64.min, int64.max) === undefined) return undefined
    return { value }
  },
  // A column holds what it likes, and `=` goes by affinity and collation: what was read is compared with what is read.
  identical: (column, sql) =>
    column.kind === 'boolean'
      ? undefined
      : {
          left: `CASE typeof(${sql}) WHEN 'blob' THEN ${sql} ELSE ${spelled}(${sql}) END`,
          bound: (value) => ({ value: typeof value === 'string' ? value : bytesOf(value) }),
        },
  writable(column, value: Value) {
    if (value === null) return { value: null }
    if (typeof value !== 'string') return { value: bytesOf(value) }
    const flag = column.kind === 'boolean' && isNumeric(column) ? asBoolean(value) : undefined
    return { value: flag === undefined ? value : flag ? 1n : 0n }
  },
  tuplesIn: (left, tuples) =>
    `(${left.join(', ')}) IN (VALUES ${tuples.map((t) => `(${t.join(', ')})`).join(', ')})`,
  compareTuples(left, operator, right) {
    const values = left.map((_, i) => right(i))
    return left.length === 1
      ? `${left[0]} ${operator} ${values[0]}`
      : `(${left.join(', ')}) ${operator} (${values.join(', ')})`
  },
  // An index with COLLATE NOCASE serves `=`. LIKE passes over bytes and stops at a NUL: those are made readable first.
  caseBlind: (column, sql, operator) => {
    const bytes = `CASE WHEN typeof(${sql}) = 'blob' OR instr(${sql}, char(0)) > 0 THEN ${readable}(${sql}) ELSE ${sql} END`
    const left = operator === 'LIKE' ? bytes : column.cast === 'TEXT' ? sql : `CAST(${sql} AS TEXT)`
    return { left: `${left} COLLATE NOCASE`, right: (p) => p }
  },
  // SQLite orders every number before every text: a row of the other sort would always be "before".
  isMoment: (_, sql, cutoff) =>
    asDecimal(cutoff) !== undefined
      ? `typeof(${sql}) IN ('integer', 'real')`
      : `typeof(${sql}) = 'text' AND ${sql} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*' AND ${sql} NOT GLOB '0000*'`,
}
