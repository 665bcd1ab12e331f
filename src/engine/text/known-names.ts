import { find, type Span } from './find.ts'
import { type Needle, nameNeedles } from './needles.ts'
import { solidPart } from './spelled.ts'

export interface NameHit extends Span {
  /** The name as its record has it. */
  readonly value: string
}

/** Where whole names stand in a text, in either order; never a first name or a surname alone. */
export type NamesIn = (text: string) => NameHit[]

interface Entry {
  readonly needle: Needle
  readonly value: string
}

/** So many are looked for one by one: that is the fastest there is. */
const fewNames = 16

/**
 * Whole names of many people, looked for together: a text is read once, and each word of it that is the longest of a name has
 * the pattern of that name look around it. A name of one word is nobody's for sure, and one of ten is none.
 */
export function namesFinder(names: readonly string[]): NamesIn {
  const entries = [...new Set(names.map(tidy))]
    .filter(isWhole)
    .flatMap((value) => nameNeedles([value], false).map((needle): Entry => ({ needle, value })))
  if (entries.length === 0) return () => []
  if (entries.length <= fewNames * 3) return (text) => oneByOne(text, entries)
  const byWord = Map.groupBy(entries, ({ needle }) => solidPart(needle.value))
  const wordless = byWord.get('') ?? []
  byWord.delete('')
  return (text) => [...oneByOne(text, wordless), ...aroundWords(text, byWord)]
}

const tidy = (name: string): string => name.normalize('NFC').trim().replace(/\s+/g, ' ')

function isWhole(name: string): boolean {
  const words = name.split(' ')
  const letters = (text: string) => text.replace(/\P{L}/gu, '').length
  return (
    name.length <= 100 &&
    words.length >= 2 &&
    words.length <= 8 &&
    words.filter((w) => letters(w) > 1).length > 1
  )
}

function oneByOne(text: string, entries: readonly Entry[]): NameHit[] {
  return entries.flatMap(({ needle, value }) => find(text, [needle]).map((span) => ({ ...span, value })))
}

function aroundWords(text: string, byWord: ReadonlyMap<string, readonly Entry[]>): NameHit[] {
  const found = new Map<string, NameHit>()
  for (const { index, 0: word } of text.matchAll(/[A-Za-z0-9]+/g))
    for (const { needle, value } of byWord.get(word.toLowerCase()) ?? []) {
      // Every sign of a name may be spelled by an escape of a dozen signs.
      const width = needle.value.length * 12 + 64
      const from = Math.max(0, index - width)
      for (const span of find(text.slice(from, index + word.length + width), [needle])) {
        const hit = { start: from + span.start, end: from + span.end, value }
        found.set(`${hit.start}:${hit.end}`, hit)
      }
    }
  return [...found.values()]
}
