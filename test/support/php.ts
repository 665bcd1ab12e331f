/** PHP's values as far as serialize() knows them, and a reader as strict as unserialize(): the oracle of the tests, with no code of ours. */
export type Php =
  | null
  | boolean
  | string
  | { readonly int: string }
  | { readonly float: string }
  | { readonly entries: readonly (readonly [string | { readonly int: string }, Php])[]; readonly of?: string }
  | { readonly same: string }
  | { readonly custom: string; readonly of: string }

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8')
const str = (text: string): string => `s:${bytes(text)}:"${text}";`

export function serialize(value: Php): string {
  if (value === null) return 'N;'
  if (typeof value === 'boolean') return `b:${value ? 1 : 0};`
  if (typeof value === 'string') return str(value)
  if ('int' in value) return `i:${value.int};`
  if ('float' in value) return `d:${value.float};`
  if ('same' in value) return `${value.same};`
  if ('custom' in value) return `C:${bytes(value.of)}:"${value.of}":${bytes(value.custom)}:{${value.custom}}`
  const inner = value.entries
    .map(([key, one]) => (typeof key === 'string' ? str(key) : `i:${key.int};`) + serialize(one))
    .join('')
  const head = value.of === undefined ? 'a' : `O:${bytes(value.of)}:"${value.of}"`
  return `${head}:${value.entries.length}:{${inner}}`
}

/** Throws where unserialize() would answer false. */
export function unserialize(text: string): Php {
  const source = Buffer.from(text, 'utf8')
  let at = 0
  const fail = (): never => {
    throw new Error(`not serialised at byte ${at}`)
  }
  const take = (sign: string): void => {
    if (source.subarray(at, at + sign.length).toString('latin1') !== sign) fail()
    at += sign.length
  }
  const until = (sign: string): string => {
    const end = source.indexOf(sign, at)
    if (end < 0) fail()
    const found = source.subarray(at, end).toString('latin1')
    at = end + 1
    return found
  }
  const count = (sign: string): number => {
    const digits = until(sign)
    return /^\d+$/.test(digits) ? Number(digits) : fail()
  }
  const block = (length: number): string => {
    if (at + length > source.length) fail()
    const found = source.subarray(at, at + length)
    at += length
    const decoded = found.toString('utf8')
    return Buffer.from(decoded, 'utf8').equals(found) ? decoded : fail()
  }
  const name = (): string => {
    const length = count(':')
    take('"')
    const found = block(length)
    take('":')
    return found
  }
  const read = (): Php => {
    const word = String.fromCharCode(source[at] ?? 0)
    at++
    if (word === 'N') {
      take(';')
      return null
    }
    take(':')
    switch (word) {
      case 'b':
        return until(';') === '1'
      case 'i':
        return { int: until(';') }
      case 'd':
        return { float: until(';') }
      case 'R':
      case 'r':
        return { same: `${word}:${until(';')}` }
      case 's': {
        const length = count(':')
        take('"')
        const found = block(length)
        take('";')
        return found
      }
      case 'a':
        return { entries: entries(count(':')) }
      case 'O': {
        const of = name()
        return { of, entries: entries(count(':')) }
      }
      case 'C': {
        const of = name()
        const length = count(':')
        take('{')
        const custom = block(length)
        take('}')
        return { of, custom }
      }
      default:
        return fail()
    }
  }
  const entries = (length: number): [string | { int: string }, Php][] => {
    take('{')
    const found = Array.from({ length }, (): [string | { int: string }, Php] => {
      const key = read()
      const isKey = typeof key === 'string' || (key !== null && typeof key === 'object' && 'int' in key)
      return [isKey ? key : fail(), read()]
    })
    take('}')
    return found
  }
  const value = read()
  return at === source.length ? value : fail()
}
