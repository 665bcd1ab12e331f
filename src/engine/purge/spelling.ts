import type { LocalDate, TimeZone } from '../../base/instant.ts'
import type { ColumnInfo, StoreKind } from '../../stores/port.ts'

/**
 * How a column spells when something happened. `utc`: ISO with Z or +00. `offset`: ISO with other offsets. `naive`: a
 * local date and time without zone. `date`: a day. Numbers: time since 1970.
 */
export type Form = 'utc' | 'offset' | 'naive' | 'date' | 'seconds' | 'milliseconds' | 'microseconds'

export interface Spelling {
  readonly form: Form
  /** Between date and time, as this column writes it. */
  readonly separator: 'T' | ' '
  /** The store compares by time, not by text: a real date type. */
  readonly typed: boolean
  /** Of `naive` values. */
  readonly zone: TimeZone
}

/** What a value says: a calendar day, a local time, or a moment in milliseconds since 1970. */
export type Start =
  | { readonly is: 'day'; readonly day: LocalDate }
  | { readonly is: 'local'; readonly day: LocalDate; readonly text: string }
  | { readonly is: 'moment'; readonly ms: number }

const moment =
  /^(\d{4})-(\d{2})-(\d{2})(?:([ T])(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:\s?(Z|[+-]\d{2}(?::?\d{2})?(?::\d{2})?))?)?$/

/**
 * The spelling of most of the samples, by the column's kind where that says it. Undefined when none of them is a date: then
 * nothing can be due, and a person must look.
 */
export function spellingOf(
  column: Pick<ColumnInfo, 'kind' | 'zoned'>,
  store: { readonly kind: StoreKind; readonly zone: TimeZone },
  samples: readonly string[],
): Spelling | undefined {
  const typed = store.kind !== 'sqlite' && (column.kind === 'instant' || column.kind === 'date')
  // MariaDB spells its TIMESTAMP without a zone, in the session's, which is UTC.
  const zone = column.zoned ? ('UTC' as TimeZone) : store.zone
  const forms = samples.map(formOf).filter((form) => form !== undefined)
  const form = mostly(forms) ?? (typed && samples.length === 0 ? emptyForm(column) : undefined)
  if (form === undefined) return undefined
  const separator = samples.some((text) => text[10] === 'T') ? 'T' : ' '
  return { form, separator, typed, zone }
}

const emptyForm = (column: Pick<ColumnInfo, 'kind'>): Form => (column.kind === 'date' ? 'date' : 'naive')

function mostly(forms: readonly Form[]): Form | undefined {
  const counted = Map.groupBy(forms, (form) => form)
  return [...counted].sort(([, a], [, b]) => b.length - a.length)[0]?.[0]
}

function formOf(text: string): Form | undefined {
  const start = startOf(text)
  if (start === undefined) return undefined
  if (start.is === 'day') return 'date'
  if (start.is === 'local') return 'naive'
  if (/^\d/.test(text) && !text.includes('-')) return numberForm(Number(text))
  return /(Z|[+-]00(:?00)?)$/.test(text) ? 'utc' : 'offset'
}

/** By size: seconds reach 1e11 in the year 5138, milliseconds were at 1e11 in 1973. Smaller numbers are no time (20261130). */
function numberForm(value: number): Form | undefined {
  if (value >= 1e8 && value < 1e11) return 'seconds'
  if (value >= 1e11 && value < 1e14) return 'milliseconds'
  return value >= 1e14 && value < 1e17 ? 'microseconds' : undefined
}

/** Reads one value, or undefined where it is no date that a record can begin on: zero dates, 1970, the year 9999, words. */
export function startOf(value: unknown): Start | undefined {
  if (typeof value !== 'string') return undefined
  if (/^\d{9,17}(\.\d+)?$/.test(value)) return momentOfNumber(Number(value))
  const m = moment.exec(value)
  if (!m || !isDay(Number(m[1]), Number(m[2]), Number(m[3]))) return undefined
  const day = value.slice(0, 10) as LocalDate
  // What programs write for "never": the zero of many clocks, in any zone, and the last year of others.
  if (day < '1900-01-01' || day >= '9999-01-01' || day === '1970-01-01' || day === '1969-12-31')
    return undefined
  if (m[4] === undefined) return { is: 'day', day }
  if (Number(m[5]) > 23 || Number(m[6]) > 59 || Number(m[7] ?? 0) > 59) return undefined
  if (m[8] === undefined) return { is: 'local', day, text: value.replace(' ', 'T').replace(',', '.') }
  const ms = Date.parse(
    `${value.slice(0, 10)}T${value
      .slice(11, value.length - m[8].length)
      .trim()
      .replace(',', '.')}${isoOffset(m[8])}`,
  )
  return Number.isNaN(ms) ? undefined : { is: 'moment', ms }
}

function momentOfNumber(value: number): Start | undefined {
  const form = numberForm(value)
  if (form === undefined) return undefined
  const ms = form === 'seconds' ? value * 1000 : form === 'milliseconds' ? value : value / 1000
  return { is: 'moment', ms: Math.floor(ms) }
}

/** PostgreSQL writes `+02`, and `+00:19:32` for Amsterdam before 1937; JavaScript reads hours and minutes. */
const isoOffset = (text: string): string =>
  text === 'Z' ? 'Z' : `${text.slice(0, 3)}:${text.slice(3).replace(':', '').slice(0, 2) || '00'}`

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31)
}
