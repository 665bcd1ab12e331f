import { readFileSync } from 'node:fs'
import { isAbsolute, relative } from 'node:path'
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml'
import type { ZodType } from 'zod'
import { LetheError } from './errors.ts'
import { type Finding, findingsOf } from './yaml-words.ts'

/** A way into a document: keys of mappings, indexes of lists. */
export type Path = readonly (string | number)[]

/** One thing wrong in one place: `where` is `file:line:column`. */
export interface Problem {
  readonly where: string
  readonly message: string
}

/** A file that cannot be used, with everything that is wrong with it, in the order of the file. */
export class InvalidFile extends LetheError {
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[], hint?: string) {
    const [first, ...rest] = problems
    const message = [first?.message ?? 'unknown', ...rest.map((p) => `${p.where}: ${p.message}`)].join('\n')
    super('invalid', message, { ...(first && { where: first.where }), ...(hint !== undefined && { hint }) })
    this.problems = problems
  }
}

export interface Yaml<T> {
  readonly value: T
  /** The file as messages name it. */
  readonly file: string
  /** `policies/x.yaml:12:3`, where the value at `path` stands; for one that is not there, its nearest ancestor. */
  at(path: Path): string
  /** The same for a mapping's key instead of its value. */
  atKey(path: Path): string
  /** For what a schema cannot say (names that must exist elsewhere): throws `InvalidFile` with all of them, returns for none. */
  refuse(problems: readonly { readonly path: Path; readonly message: string }[]): void
}

/**
 * Reads one YAML file into what `schema` makes of it. Throws `invalid` (an `InvalidFile`) with ALL problems, each with
 * file, line and column: syntax, duplicate keys, unknown keys with the nearest known one, wrong values.
 * `label` is the file's name in messages; left out, the path relative to the working folder.
 */
export function readYaml<T>(path: string, schema: ZodType<T>, label: string = shown(path)): Yaml<T> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new LetheError('invalid', 'the file cannot be read', {
      where: label,
      hint: 'Check that it exists and that this user may read it.',
      cause,
    })
  }
  return parseYaml(text, schema, label)
}

/** `readYaml` for text that is already there. */
export function parseYaml<T>(text: string, schema: ZodType<T>, label: string): Yaml<T> {
  const lines = new LineCounter()
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true })
  const where = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${label}:${Math.max(line, 1)}:${Math.max(col, 1)}`
  }
  const found: { offset: number; message: string }[] = doc.errors.map((error) => ({
    offset: error.pos[0],
    message: error.code === 'DUPLICATE_KEY' ? duplicate(text, error.pos[0]) : error.message,
  }))
  const refuseAll = (): never => {
    found.sort((a, b) => a.offset - b.offset)
    const problems = found.map((f) => ({ where: where(f.offset), message: f.message }))
    // A value used by several aliases is wrong once.
    throw new InvalidFile([...new Map(problems.map((p) => [`${p.where} ${p.message}`, p])).values()])
  }
  // Duplicate keys leave a readable document, whose other problems are reported too; broken syntax does not.
  if (doc.errors.some((error) => error.code !== 'DUPLICATE_KEY')) return refuseAll()
  const offset = (f: Finding): number => offsetOf(doc, f.path, f.key)

  const parsed = schema.safeParse(plain(doc, label))
  if (!parsed.success)
    for (const finding of findingsOf(parsed.error, schema, plain(doc, label)))
      found.push({ offset: offset(finding), message: finding.message })
  if (!parsed.success || found.length > 0) return refuseAll()
  return {
    value: parsed.data,
    file: label,
    at: (path) => where(offsetOf(doc, path)),
    atKey: (path) => where(offsetOf(doc, path.slice(0, -1), path.at(-1))),
    refuse(problems) {
      if (problems.length === 0) return
      for (const { path, message } of problems) found.push({ offset: offsetOf(doc, path), message })
      refuseAll()
    },
  }
}

function plain(doc: Document, label: string): unknown {
  try {
    return doc.toJS()
  } catch (cause) {
    // The parser's guard against aliases that unfold without end.
    throw new LetheError('invalid', 'its aliases cannot be resolved', {
      where: label,
      hint: 'Write the values out, or use fewer aliases.',
      cause,
    })
  }
}

/** Where the value at `path` begins (or the mapping's `key` below it); as deep as the document goes. */
function offsetOf(doc: Document, path: Path, key?: string | number): number {
  let node: unknown = doc.contents
  let best = start(node) ?? 0
  for (const step of path) {
    node = child(resolved(node, doc), step)
    if (!isNode(node)) return best
    best = start(node) ?? best
  }
  if (key === undefined) return best
  const map = resolved(node, doc)
  const pair = isMap(map)
    ? map.items.find((item) => isPair(item) && keyText(item.key) === String(key))
    : undefined
  return start(pair?.key) ?? best
}

const start = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined)
const resolved = (node: unknown, doc: Document): unknown => (isAlias(node) ? node.resolve(doc) : node)
const keyText = (key: unknown): string => String((isNode(key) ? (key as Node).toJSON() : key) as string)

function child(node: unknown, step: string | number): unknown {
  if (isSeq(node)) return node.items[Number(step)]
  if (!isMap(node)) return undefined
  const pair = node.items.find((item) => keyText(item.key) === String(step))
  // `key:` with nothing after it has no value node; its key stands for it.
  return start(pair?.value) === undefined ? pair?.key : pair?.value
}

function duplicate(text: string, offset: number): string {
  const key = /^[^\s:,}\]]+/.exec(text.slice(offset))?.[0] ?? ''
  return `the key ${key} stands twice in one mapping; keep one of them`
}

function shown(path: string): string {
  const near = relative(process.cwd(), path)
  return near === '' || near.startsWith('..') || isAbsolute(near) ? path : near
}
