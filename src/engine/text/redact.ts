import { type Change, type Edit, edited } from '../encodings/edit.ts'
import { guessedEdits } from '../encodings/guess.ts'
import { composed } from '../encodings/written.ts'
import { erasedMark, find } from './find.ts'
import type { Needle } from './needles.ts'

/**
 * Takes what is hers out of a text and leaves every other character as it was. JSON, HTML, PHP's serialised values, YAML, a raw mail and a
 * body of base64 or quoted-printable are looked into and stay what they are. Throws `Unreadable` where they could not.
 */
export const redact = (text: string, needles: readonly Needle[], mark = erasedMark): string =>
  edited(text, redactions(text, needles, mark))

/** As `redact`, as edits: for a text that is packed in another. */
export function redactions(text: string, needles: readonly Needle[], mark = erasedMark): readonly Edit[] {
  const plain: Plain = (inner) => plainEdits(inner, needles, mark)
  return needles.length > 0 ? editsInside(text, plain) : plain(text)
}

/** What becomes of a text that nothing is packed in. */
export type Plain = (text: string) => readonly Edit[]

/** Edits of a text of which nobody said what it is packed in: made inside, where it is, so that it stays what it is. */
export function editsInside(text: string, plain: Plain, depth = 0): readonly Edit[] {
  const change: Change = (inner) =>
    inner.length < text.length || depth === 0 ? editsInside(inner, plain, depth + 1) : []
  const guess = depth < mostGuesses ? guessedEdits(text, change) : undefined
  if (!guess) return plain(text)
  if (!guess.isPlain) return guess.edits
  const now = edited(text, guess.edits)
  return composed(text, guess.edits, plain(now))
}

/** Texts in texts in texts: deeper nobody packs, and a hostile text would go on for long. */
const mostGuesses = 4

/** Goes on until nothing is found: what stood hard against one identifier may be another, seen only when the first is gone. */
function plainEdits(text: string, needles: readonly Needle[], mark: string): Edit[] {
  let edits: Edit[] = []
  let now = text
  for (let round = 0; round < mostRounds; round++) {
    const found = find(now, needles).map((span) => ({ ...span, with: mark }))
    if (found.length === 0) break
    edits = composed(text, edits, found)
    now = edited(now, found)
  }
  return edits
}

/** An identifier that stands in the mark itself would never be gone. */
const mostRounds = 20
