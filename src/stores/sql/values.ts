/** Reading text as the values of typed columns: what cannot be one is dropped before it reaches a lenient database. */

const whole = /^[+-]?\d{1,40}$/
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i

/** The canonical spelling of a whole number within bounds, or undefined. */
export function asInteger(text: string, min: bigint, max: bigint): string | undefined {
  if (!whole.test(text)) return undefined
  const n = BigInt(text.replace(/^\+/, ''))
  return n < min || n > max ? undefined : n.toString()
}

export const asDecimal = (text: string): string | undefined => (decimal.test(text) ? text : undefined)

export function asBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase()
  if (word === 'true' || word === 't' || word === '1') return true
  if (word === 'false' || word === 'f' || word === '0') return false
  return undefined
}

const moment =
  /^(\d{4,6})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s?(?:Z|[+-]\d{2}(?::?\d{2}){0,2})?)?( BC)?$/

/** True for a day, or a moment, that the calendar has; the zero date is none. */
export function isMoment(text: string): boolean {
  const m = moment.exec(text)
  if (!m) return false
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])]
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
  const time = Number(m[4] ?? 0) < 24 && Number(m[5] ?? 0) < 60 && Number(m[6] ?? 0) < 60
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= days && time
}

export const bytesOf = (value: string | Uint8Array): Buffer =>
  typeof value === 'string'
    ? Buffer.from(value, 'utf8')
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength)

export const textOf = (value: string | Uint8Array): string =>
  typeof value === 'string' ? value : Buffer.from(value).toString('utf8')

export const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n }
