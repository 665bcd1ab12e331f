import { carried } from '../bytes.ts'
import { inCharset } from '../charset.ts'
import { Unreadable } from '../unreadable.ts'
import { scanPhp, type Token } from './scan.ts'
import { sessionName } from './session.ts'

interface Level {
  readonly entries: string[]
  readonly keys: string[]
}

/**
 * What PHP's serialize() wrote, as JSON: a list where its keys count up from nought, else names and values; numbers with all their
 * digits; private names by themselves; a reference as `R:2`. Throws `Unreadable` as `rewritePhp` does.
 */
export function phpJson(bytes: Uint8Array): string {
  const source = carried(bytes)
  if (sessionName.test(source)) return sessionJson(source)
  const { json, end } = valueJson(source, 0)
  if (source.slice(end).trim() !== '') throw new Unreadable('php', 'something stands behind the end')
  return json
}

function sessionJson(source: string): string {
  const entries: string[] = []
  for (let at = 0; at < source.length; ) {
    const name = sessionName.exec(source.slice(at, at + 256))?.[0]
    if (name === undefined) throw new Unreadable('php', 'something stands between two values of a session')
    at += name.length
    if (name.startsWith('!')) continue
    const { json, end } = valueJson(source, at)
    entries.push(`${JSON.stringify(name.slice(0, -1))}:${json}`)
    at = end
  }
  return `{${entries.join(',')}}`
}

function valueJson(source: string, from: number): { json: string; end: number } {
  const levels: Level[] = [{ entries: [], keys: [] }]
  const end = scanPhp(source, from, (token, role) => {
    if (token.kind === 'open') {
      levels.push({ entries: [], keys: [] })
      return
    }
    const level = levels.at(-1) as Level
    if (role === 'key') level.keys.push(keyOf(source, token))
    else if (token.kind === 'close') {
      levels.pop()
      levels.at(-1)?.entries.push(closed(level))
    } else level.entries.push(scalar(source, token))
  })
  return { json: levels[0]?.entries[0] ?? 'null', end }
}

function closed({ entries, keys }: Level): string {
  if (keys.every((key, n) => key === String(n))) return `[${entries.join(',')}]`
  return `{${entries.map((entry, n) => `${JSON.stringify(keys[n] ?? '')}:${entry}`).join(',')}}`
}

const decoded = (bytes: string): string => inCharset('utf-8', bytes).written.text

function keyOf(source: string, token: Token): string {
  if (token.kind === 'number') return token.text.slice(2, -1)
  const name = token.kind === 'string' ? source.slice(token.from, token.to) : ''
  return decoded(name.startsWith('\0') ? name.slice(name.indexOf('\0', 1) + 1) : name)
}

function scalar(source: string, token: Exclude<Token, { kind: 'open' | 'close' }>): string {
  switch (token.kind) {
    case 'string':
    case 'custom':
      return JSON.stringify(decoded(source.slice(token.from, token.to)))
    case 'number': {
      const digits = token.text.slice(2, -1)
      return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(digits) ? digits : JSON.stringify(digits)
    }
    case 'other':
      if (token.text === 'N;') return 'null'
      if (token.text.startsWith('b:')) return token.text === 'b:1;' ? 'true' : 'false'
      return JSON.stringify(/^E:\d+:"(.*)";$/s.exec(token.text)?.[1] ?? token.text.slice(0, -1))
  }
}
