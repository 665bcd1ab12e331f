import { type Document, isMap, isScalar, isSeq, parseAllDocuments, type Scalar } from 'yaml'
import { openBase64 } from '../base64.ts'
import { carried, textOf, uncarried } from '../bytes.ts'
import { type Change, type Edit, edited, type Place } from '../edit.ts'
import { Keys } from '../keys.ts'
import { Unreadable } from '../unreadable.ts'
import { scalarSource } from './scalar.ts'

/**
 * Edits of the strings, keys and numbers of a YAML text: each is written again where it stands, in its own style. Comments, anchors,
 * tags, order and blanks stay. Throws `Unreadable` where the text is no YAML, or would say something else afterwards.
 */
export function yamlEdits(text: string, change: Change): Edit[] {
  const walk: Walk = { text, change, edits: [], path: [], says: [] }
  for (const document of documents(text)) node(walk, document.contents)
  if (walk.edits.length > 0) assertSays(edited(text, walk.edits), walk.says)
  return walk.edits
}

interface Walk {
  readonly text: string
  readonly change: Change
  readonly edits: Edit[]
  readonly path: (string | number)[]
  /** Every scalar in order, as it should read afterwards. */
  readonly says: string[]
}

/** Two equal keys are not refused: looking for them takes long where there are many. */
export function documents(text: string): Document.Parsed[] {
  try {
    const parsed = parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' })
    const all = Array.isArray(parsed) ? parsed : []
    if (all.some((document) => document.errors.length > 0))
      throw new Unreadable('yaml', 'the text is no YAML')
    return all
  } catch (error) {
    if (error instanceof RangeError) throw new Unreadable('yaml', 'too deep')
    throw error
  }
}

function node(walk: Walk, one: unknown): void {
  const { path } = walk
  if (isScalar(one)) scalar(walk, one, 'value')
  else if (isSeq(one)) {
    path.push(0)
    for (const [n, item] of one.items.entries()) {
      path[path.length - 1] = n
      node(walk, item)
    }
    path.pop()
  } else if (isMap(one)) {
    const keys = new Keys()
    path.push('')
    for (const { key, value } of one.items) {
      if (isScalar(key)) {
        path[path.length - 1] = String(key.value)
        scalar(walk, key, 'key', keys)
      } else node(walk, key)
      node(walk, value)
    }
    path.pop()
    keys.settle()
  }
}

function scalar(walk: Walk, one: Scalar, role: 'key' | 'value', keys?: Keys): void {
  const text = textIn(one, walk.text)
  if (text === undefined) return
  const index = walk.says.push(text) - 1
  const isNumber = typeof one.value !== 'string' && role === 'value'
  const found = /^(!|tag:yaml\.org,2002:)!?binary$/.test(one.tag ?? '')
    ? binaryEdits(text, walk, { path: walk.path, role: 'value' })
    : walk.change(text, { path: walk.path, role: isNumber ? 'number' : role })
  const put = (changed: string): void => {
    const [start = 0, end = 0] = one.range ?? []
    walk.says[index] = changed
    walk.edits.push({ start, end, with: scalarSource(changed, text, one.type, walk.text.slice(start, end)) })
  }
  if (keys) keys.add(text, found, put)
  else if (found.length > 0) put(edited(text, found))
}

/** A string, or a number in all its digits; undefined for what is empty, true or false. */
export function textIn(one: Scalar, source: string): string | undefined {
  if (typeof one.value === 'string') return one.value
  const [start = 0, end = 0] = one.range ?? []
  return typeof one.value === 'number' || typeof one.value === 'bigint' ? source.slice(start, end) : undefined
}

/** Ruby writes a string that is no UTF-8 as base64. */
function binaryEdits(base64: string, walk: Walk, place: Place): Edit[] {
  const opened = openBase64(uncarried(base64))
  const { text, back } = textOrBytes(opened.inner)
  const found = walk.change(text, place)
  if (found.length === 0) return []
  return [{ start: 0, end: base64.length, with: carried(opened.close(back(edited(text, found)))) }]
}

function textOrBytes(bytes: Uint8Array): ReturnType<typeof textOf> {
  try {
    return textOf(bytes)
  } catch {
    return {
      text: carried(bytes),
      back: () => {
        throw new Unreadable('yaml', 'a text stands in bytes that cannot be edited', 'stuck')
      },
    }
  }
}

function assertSays(text: string, wanted: readonly string[]): void {
  const says: string[] = []
  const read: Walk = { text, change: () => [], edits: [], path: [], says }
  for (const document of documents(text)) node(read, document.contents)
  if (says.length !== wanted.length || says.some((one, n) => one !== wanted[n]))
    throw new Unreadable('yaml', 'the text would say something else afterwards', 'stuck')
}
