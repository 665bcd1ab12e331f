import { carried, uncarried } from '../bytes.ts'
import { inCharset } from '../charset.ts'
import { type Change, type Edit, edited } from '../edit.ts'
import { Keys } from '../keys.ts'
import { isUnreadable, Unreadable } from '../unreadable.ts'
import { scanPhp, type Token } from './scan.ts'
import { sessionName } from './session.ts'

/**
 * What PHP's serialize() wrote, or its sessions (`name|value` one behind the other), with strings, keys and numbers changed and every
 * byte length put right. A number that changes becomes a string; NULs before private and protected names stay. Throws `Unreadable` for
 * anything that unserialize() would refuse, and where a text stands in the bytes of a class that packs itself in a way we do not know.
 */
export function rewritePhp(bytes: Uint8Array, change: Change): Uint8Array {
  const source = carried(bytes)
  const edits = sessionName.test(source) ? sessionEdits(source, change) : valueEdits(source, change)
  return edits.length === 0 ? bytes : uncarried(edited(source, edits))
}

const valueEdits = (source: string, change: Change): Edit[] =>
  phpEdits(source, 0, change, (end) => {
    if (source.slice(end).trim() !== '') throw new Unreadable('php', 'something stands behind the end')
  })

function sessionEdits(source: string, change: Change): Edit[] {
  const edits: Edit[] = []
  for (let at = 0; at < source.length; ) {
    const name = sessionName.exec(source.slice(at, at + 256))?.[0]
    if (name === undefined) throw new Unreadable('php', 'something stands between two values of a session')
    at += name.length
    if (name.startsWith('!')) continue
    const within: Change = (text, place) =>
      change(text, { ...place, path: [name.slice(0, -1), ...place.path] })
    edits.push(...phpEdits(source, at, within, (end) => (at = end)))
  }
  return edits
}

interface Level {
  readonly keys: Keys
  readonly isObject: boolean
}

interface Work {
  readonly source: string
  readonly change: Change
  readonly edits: Edit[]
  readonly path: (string | number)[]
  readonly levels: Level[]
}

function phpEdits(source: string, from: number, change: Change, ends: (end: number) => void): Edit[] {
  const work: Work = { source, change, edits: [], path: [], levels: [] }
  ends(scanPhp(source, from, (token, role) => one(work, token, role)))
  return work.edits
}

function one(work: Work, token: Token, role: 'key' | 'value'): void {
  const { levels, path } = work
  switch (token.kind) {
    case 'open':
      levels.push({ keys: new Keys(), isObject: token.name !== undefined })
      path.push('')
      return
    case 'close':
      levels.pop()?.keys.settle()
      path.pop()
      return
    case 'custom':
      return custom(work, token.from, token.to)
    case 'other':
      return
    case 'number':
      return text(work, token, numberOf(token.text), '', role)
    case 'string': {
      const whole = token.escaped
        ? work.source
            .slice(token.from, token.to)
            .replace(/\\([\da-f]{2})/gi, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16)))
        : work.source.slice(token.from, token.to)
      // `\0*\0name` is protected, `\0Class\0name` private.
      const isHidden = role === 'key' && levels.at(-1)?.isObject && whole.startsWith('\0')
      const cut = isHidden ? whole.indexOf('\0', 1) + 1 : 0
      return text(work, token, whole.slice(cut), whole.slice(0, cut), role)
    }
  }
}

const numberOf = (text: string): string => text.slice(2, -1)

function text(
  work: Work,
  token: Extract<Token, { kind: 'string' | 'number' }>,
  bytes: string,
  before: string,
  role: 'key' | 'value',
): void {
  const { written, write } = inCharset('utf-8', bytes)
  const { path, levels, edits } = work
  if (role === 'key' && path.length > 0) path[path.length - 1] = written.text
  const isNumber = token.kind === 'number' && role === 'value'
  const found = work.change(written.text, { path, role: isNumber ? 'number' : role })
  const put = (changed: string): void => {
    const now = before + write(changed)
    edits.push({ ...token.at, with: `s:${now.length}:"${now}";` })
  }
  if (role === 'key') levels.at(-1)?.keys.add(written.text, found, put)
  else if (found.length > 0) put(edited(written.text, found))
}

/**
 * The bytes of a class that packs itself: most write a serialised value, PHP's own collections a row of them with a letter before. In
 * any other form they are only searched.
 */
function custom({ source, change, edits, path }: Work, from: number, to: number): void {
  const inner = source.slice(from, to)
  const found = valuesEdits(inner, change)
  if (found) {
    if (found.length === 0) return
    const now = edited(inner, found)
    const lengthEnd = from - 2
    const lengthStart = source.lastIndexOf(':', lengthEnd - 1) + 1
    edits.push({ start: lengthStart, end: lengthEnd, with: String(now.length) })
    edits.push({ start: from, end: to, with: now })
  } else if (change(inCharset('utf-8', inner).written.text, { path, role: 'value' }).length > 0)
    throw new Unreadable('php', 'a text stands in an object that packs itself in its own way', 'stuck')
}

/** Serialised values one behind the other, with the marks of ArrayObject and SplObjectStorage between them. */
function valuesEdits(inner: string, change: Change): Edit[] | undefined {
  const edits: Edit[] = []
  let at = 0
  try {
    while (at < inner.length) {
      at += /^(?:[;,]|[xm]:(?=[a-zA-Z]:))+/.exec(inner.slice(at, at + 8))?.[0].length ?? 0
      if (at >= inner.length) break
      edits.push(...phpEdits(inner, at, change, (end) => (at = end)))
    }
    return edits
  } catch (error) {
    if (isUnreadable(error, 'broken')) return undefined
    throw error
  }
}
