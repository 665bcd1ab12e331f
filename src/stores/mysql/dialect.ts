import type { Value } from '../port.ts'
import type { Bound, ColumnShape, Dialect } from '../sql/dialect.ts'
import { isAscii } from '../sql/spellings.ts'
import { asBoolean, asDecimal, asInteger, bytesOf, int64, isMoment, textOf } from '../sql/values.ts'

const texts = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'enum', 'set'])
const binaries = new Set(['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob'])
const shapes = /^(geometry|point|linestring|polygon|multi(point|linestring|polygon)|geometrycollection)$/
const moments = new Set(['date', 'datetime', 'timestamp'])
const zeroDate = /^\d{4}-\d{2}-\d{2}( 00:00:00(\.0+)?)?$/

const integers = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'bit', 'year'])

const castAs = (value: unknown, type: string): Bound => ({ value, wrap: (p) => `CAST(${p} AS ${type})` })

export const mysqlDialect: Dialect = {
  kind: 'mysql',
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  placeholder: () => '?',
  overriding: '',
  checksEachRow: true,
  fromNothing: ' FROM DUAL',
  forUpdate: ' FOR UPDATE',
  caseOfTables: false,
  caseOfColumns: false,
  maxParameters: 65_535,
  nullsFirst: true,
  // Everything that is no text is spelled by the server: the driver would turn it into its own numbers and dates.
  read(column, sql) {
    // MariaDB marks its JSON text, and the driver would parse it.
    if (column.kind !== 'json' && (texts.has(column.cast) || binaries.has(column.cast))) return sql
    if (column.cast === 'bit') return `CAST(${sql} + 0 AS CHAR)`
    return shapes.test(column.cast) ? `ST_AsText(${sql})` : `CAST(${sql} AS CHAR)`
  },
  bytes: (column, sql) => `OCTET_LENGTH(${mysqlDialect.read(column, sql)})`,
  piece: (column, sql, from, length) => `SUBSTRING(${mysqlDialect.read(column, sql)}, ${from}, ${length})`,
  decode(column, raw) {
    if (raw === null || raw === undefined) return null
    if (binaries.has(column.cast)) return new Uint8Array(raw as Buffer)
    const text = typeof raw === 'string' ? raw : Buffer.from(raw as Buffer).toString('utf8')
    if (column.kind === 'boolean' && (text === '0' || text === '1')) return String(text === '1')
    return text
  },
  compared(column, sql) {
    if (!isPlain(column)) return `CAST(${sql} AS CHAR)`
    return isForeign(column) ? asUtf8(column, sql) : sql
  },
  comparable: (column, value) => {
    if (binaries.has(column.cast)) return { value: bytesOf(value) }
    const text = textOf(value)
    if (integers.has(column.cast)) return asWhole(column, text)
    if (column.cast === 'decimal')
      return asDecimal(text) === undefined ? undefined : castAs(text, 'DECIMAL(65,30)')
    if (column.cast === 'float' || column.cast === 'double')
      return asDecimal(text) === undefined ? undefined : castAs(text, column.cast.toUpperCase())
    if (texts.has(column.cast)) return fits(column.charset, text) ? { value: text } : undefined
    if (!moments.has(column.cast)) return { value: text }
    if (!isMoment(text) && !zeroDate.test(text)) return undefined
    return castAs(
      text.replace('T', ' '),
      column.cast === 'date' && text.length <= 10 ? 'DATE' : 'DATETIME(6)',
    )
  },
  // A collation takes other letters for the same, and a float has more digits than it shows.
  identical: (column, sql) =>
    column.kind === 'boolean' ||
    (isPlain(column) && !texts.has(column.cast) && !/^(float|double)$/.test(column.cast))
      ? undefined
      : {
          left: `CAST(CONVERT(${mysqlDialect.read(column, sql)} USING utf8mb4) AS BINARY)`,
          bound: (value) => ({ value: textOf(value), wrap: (p) => `CAST(${p} AS BINARY)` }),
        },
  writable(column, value: Value) {
    if (value === null) return { value }
    if (binaries.has(column.cast)) return { value: bytesOf(value) }
    const text = textOf(value)
    const flag = column.kind === 'boolean' ? asBoolean(text) : undefined
    if (flag !== undefined) return { value: flag ? '1' : '0' }
    if (column.cast === 'bit') return asWhole(column, text) ?? { value: text }
    return shapes.test(column.cast) ? { value: text, wrap: (p) => `ST_GeomFromText(${p})` } : { value: text }
  },
  tuplesIn: (left, tuples) =>
    `(${left.join(', ')}) IN (${tuples.map((t) => `(${t.join(', ')})`).join(', ')})`,
  // Written out: MariaDB uses no index for a comparison of row tuples.
  compareTuples: (left, operator, right) => {
    const strict = operator === '>' ? '>' : '<'
    const from = (at: number): string => {
      const column = left[at] as string
      if (at === left.length - 1) return `${column} ${operator} ${right(at)}`
      return `(${column} ${strict}= ${right(at)} AND (${column} ${strict} ${right(at)} OR ${from(at + 1)}))`
    }
    return from(0)
  },
  caseBlind(column, sql, _, ascii) {
    if (binaries.has(column.cast))
      return {
        left: `LOWER(CONVERT(${sql} USING latin1))`,
        right: (p) => `LOWER(CONVERT(${p} USING latin1))`,
      }
    const right = (p: string) => p
    if (!texts.has(column.cast)) return { left: `CAST(${sql} AS CHAR) COLLATE utf8mb4_general_ci`, right }
    if (column.caseBlind && (ascii || isUnicode(column.charset))) return { left: sql, right }
    return { left: `CONVERT(${sql} USING utf8mb4) COLLATE utf8mb4_general_ci`, right }
  },
  isMoment(column, sql) {
    if (moments.has(column.cast)) return `${sql} >= '0001-01-01'`
    return texts.has(column.cast)
      ? `${sql} REGEXP '^[0-9]{4}-[0-9]{2}-[0-9]{2}' AND ${sql} NOT LIKE '0000%'`
      : undefined
  },
}

const isUnicode = (charset: string | undefined) => charset === undefined || /^(utf|ucs)/.test(charset)

/** Text in a character set of which we do not know what it holds: compared as Unicode, without its index. */
const isForeign = (column: ColumnShape) =>
  texts.has(column.cast) &&
  !isUnicode(column.charset) &&
  column.charset !== 'latin1' &&
  column.charset !== 'ascii'

const asUtf8 = (column: ColumnShape, sql: string): string =>
  `CONVERT(${sql} USING utf8mb4) COLLATE utf8mb4_${column.caseBlind ? 'general_ci' : 'bin'}`

/** Comparing text with what its character set has no sign for is an error there; such a value stands in no row. */
function fits(charset: string | undefined, text: string): boolean {
  if (charset === 'ascii') return isAscii(text)
  return charset !== 'latin1' || windows1252.test(text)
}
// What MariaDB calls latin1 is Windows' code page 1252.
const windows1252 = /^[\p{ASCII}\u0080-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/u

/** Types whose own `=` says what is meant; the rest is compared by its text. */
const isPlain = (column: ColumnShape): boolean =>
  texts.has(column.cast) ||
  binaries.has(column.cast) ||
  integers.has(column.cast) ||
  moments.has(column.cast) ||
  ['decimal', 'float', 'double', 'uuid'].includes(column.cast)

/** MariaDB reads 'abc' as 0 where a number is wanted, and compares long digits as floating point: both end here. */
function asWhole(column: ColumnShape, text: string): Bound | undefined {
  const flag = column.kind === 'boolean' && !/^\d+$/.test(text) ? asBoolean(text) : undefined
  if (flag !== undefined) return castAs(flag ? '1' : '0', 'SIGNED')
  const signed = asInteger(text, int64.min, int64.max)
  if (signed !== undefined) return castAs(signed, 'SIGNED')
  const unsigned = asInteger(text, 0n, 2n ** 64n - 1n)
  return unsigned === undefined ? undefined : castAs(unsigned, 'UNSIGNED')
}
