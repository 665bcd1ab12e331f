import { type Change, type Edit, edited, moved } from './edit.ts'
import { Keys } from './keys.ts'
import { Unreadable } from './unreadable.ts'
import { asItIs, Reading, respell, type Written } from './written.ts'

interface Frame {
  readonly isArray: boolean
  readonly keys: Keys
  /** Whether the next string is a key. */
  keyNext: boolean
}

/**
 * Edits of the strings, keys and numbers of a JSON text. Order, blanks, escapes and digits of everything else stay; a number that
 * changes becomes a string. Throws `Unreadable` where the text is no JSON.
 */
export function jsonEdits(text: string, change: Change): Edit[] {
  assertJson(text)
  const edits: Edit[] = []
  const path: (string | number)[] = []
  const frames: Frame[] = []
  // The text is valid: only strings, numbers and marks are to be told apart.
  const token = /["[\]{},:]|-?\d[\d.eE+-]*/g
  for (let hit = token.exec(text); hit; hit = token.exec(text)) {
    const frame = frames.at(-1)
    const [sign] = hit
    if (sign === '"') {
      const end = closing(text, hit.index)
      token.lastIndex = end + 1
      stringEdits(text, hit.index + 1, end, { frame, path, change, edits })
    } else if (sign === '[' || sign === '{') {
      frames.push({ isArray: sign === '[', keys: new Keys(), keyNext: sign === '{' })
      path.push(sign === '[' ? 0 : '')
    } else if (sign === ']' || sign === '}') {
      frames.pop()?.keys.settle()
      path.pop()
    } else if (sign === ',') next(frame, path)
    else if (sign !== ':') {
      const found = change(sign, { path, role: 'number' })
      if (found.length > 0)
        edits.push({ start: hit.index, end: token.lastIndex, with: JSON.stringify(edited(sign, found)) })
    }
  }
  return edits
}

function next(frame: Frame | undefined, path: (string | number)[]): void {
  if (!frame) return
  if (frame.isArray) path[path.length - 1] = (path.at(-1) as number) + 1
  else frame.keyNext = true
}

function stringEdits(
  text: string,
  from: number,
  to: number,
  at: { frame: Frame | undefined; path: (string | number)[]; change: Change; edits: Edit[] },
): void {
  const { frame, path, change, edits } = at
  const isKey = frame !== undefined && !frame.isArray && frame.keyNext
  const written = unescaped(text.slice(from, to))
  const inner = (found: readonly Edit[]) => moved(respell(written, found, quoted), from)
  if (!isKey) {
    const found = change(written.text, { path, role: 'value' })
    if (found.length > 0) edits.push(...inner(found))
    return
  }
  frame.keyNext = false
  path[path.length - 1] = written.text
  const found = change(written.text, { path, role: 'key' })
  frame.keys.add(written.text, found, (_, suffix) => {
    edits.push(...inner(found))
    if (suffix !== '') edits.push({ start: to, end: to, with: suffix })
  })
}

function assertJson(text: string): void {
  try {
    JSON.parse(text)
  } catch (error) {
    throw new Unreadable('json', error instanceof RangeError ? 'too deep' : 'the text is no JSON')
  }
}

/** Where the string that begins at a place ends. */
function closing(text: string, open: number): number {
  for (let at = open + 1; ; at++) {
    const quote = text.indexOf('"', at)
    let slashes = quote
    while (text[slashes - 1] === '\\') slashes--
    if ((quote - slashes) % 2 === 0) return quote
    at = quote
  }
}

const quoted = (text: string): string => JSON.stringify(text).slice(1, -1)

function unescaped(source: string): Written {
  if (!source.includes('\\')) return asItIs(source)
  const reading = new Reading(source)
  let at = 0
  for (const { index, 0: sign } of source.matchAll(/\\(?:u[\da-fA-F]{4}|.)/gs)) {
    reading.plain(at, index)
    at = index + sign.length
    reading.atom(JSON.parse(`"${sign}"`) as string, index, at)
  }
  reading.plain(at, source.length)
  return reading.written()
}
