import { type Edit, inOrder } from './edit.ts'

/** A stretch of a text and of the source it is written in: sign for sign, or an atom that is written anew as a whole. */
export interface Piece {
  readonly at: number
  readonly length: number
  readonly from: number
  readonly to: number
  readonly atom: boolean
  /** How an atom is written when its text changes, where it has a way of its own. */
  readonly spell?: ((text: string) => string) | undefined
}

/** A text, and where each of its signs stands in the source. What lies between two pieces belongs to the source alone (a tag). */
export interface Written {
  readonly text: string
  readonly pieces: readonly Piece[]
}

/** Builds a text from its source, in order. */
export class Reading {
  readonly #source: string
  readonly #texts: string[] = []
  readonly #pieces: Piece[] = []
  #length = 0
  constructor(source: string) {
    this.#source = source
  }

  plain(from: number, to: number, text: string = this.#source.slice(from, to)): void {
    if (to > from) this.#add(text, { from, to, atom: false })
  }

  /** What has no text belongs to the source alone. */
  atom(text: string, from: number, to: number, spell?: (text: string) => string): void {
    if (text !== '') this.#add(text, { from, to, atom: true, spell })
  }

  written(): Written {
    return { text: this.#texts.join(''), pieces: this.#pieces }
  }

  #add(text: string, piece: Pick<Piece, 'from' | 'to' | 'atom' | 'spell'>): void {
    const last = this.#pieces.at(-1)
    this.#texts.push(text)
    if (last && !last.atom && !piece.atom && last.to === piece.from)
      this.#pieces[this.#pieces.length - 1] = { ...last, length: last.length + text.length, to: piece.to }
    else this.#pieces.push({ at: this.#length, length: text.length, ...piece })
    this.#length += text.length
  }
}

/** A text that is written as it is. */
export function asItIs(source: string): Written {
  const reading = new Reading(source)
  reading.plain(0, source.length)
  return reading.written()
}

/** The edits of the source that carry out edits of the text; `spell` says how new text is written there. */
export function respell(
  written: Written,
  edits: readonly Edit[],
  spell: (text: string) => string = (text) => text,
): Edit[] {
  return wholeAtoms(written, edits).flatMap((edit) => sourceEdits(written, edit, spell))
}

/** Edits that begin or end inside an atom take it whole, with what stays of its text; two in one atom become one. */
function wholeAtoms(written: Written, edits: readonly Edit[]): Edit[] {
  const out: Edit[] = []
  for (const edit of edits) {
    const last = out.at(-1)
    const first = inside(written, edit.start)
    const start = first ? first.at : edit.start
    const tail = inside(written, edit.end)
    const end = tail ? tail.at + tail.length : edit.end
    const after = written.text.slice(edit.end, end)
    if (last && start < last.end) {
      // What the one before took along of this atom ends where this one begins.
      const kept = last.with.slice(0, last.with.length - (last.end - edit.start))
      out[out.length - 1] = { start: last.start, end, with: kept + edit.with + after }
    } else out.push({ start, end, with: written.text.slice(start, edit.start) + edit.with + after })
  }
  return out
}

function inside({ pieces }: Written, at: number): Piece | undefined {
  const piece = pieces[pieceAt(pieces, at)]
  return piece?.atom && piece.at < at ? piece : undefined
}

/** The first piece that ends behind a place of the text. */
function pieceAt(pieces: readonly Piece[], at: number): number {
  let low = 0
  let high = pieces.length
  while (low < high) {
    const middle = (low + high) >> 1
    const piece = pieces[middle] as Piece
    if (piece.at + piece.length > at) high = middle
    else low = middle + 1
  }
  return low
}

/** One edit for each unbroken stretch of the source; the new text stands in the first. */
function sourceEdits({ pieces }: Written, edit: Edit, spell: (text: string) => string): Edit[] {
  const out: { start: number; end: number; with: string }[] = []
  let index = pieceAt(pieces, edit.start)
  const only = pieces[index]
  const own =
    only?.spell && only.at === edit.start && only.at + only.length === edit.end ? only.spell : undefined
  if (edit.start === edit.end) return [insertion(pieces, index, edit, spell)]
  for (; index < pieces.length; index++) {
    const piece = pieces[index] as Piece
    if (piece.at >= edit.end) break
    const low = Math.max(edit.start, piece.at)
    const high = Math.min(edit.end, piece.at + piece.length)
    const start = piece.atom ? piece.from : piece.from + low - piece.at
    const end = piece.atom ? piece.to : piece.from + high - piece.at
    const last = out.at(-1)
    if (last?.end === start) last.end = end
    else out.push({ start, end, with: last ? '' : (own ?? spell)(edit.with) })
  }
  return out
}

function insertion(
  pieces: readonly Piece[],
  index: number,
  edit: Edit,
  spell: (text: string) => string,
): Edit {
  const piece = pieces[index]
  const at = piece ? piece.from + (piece.atom ? 0 : edit.start - piece.at) : (pieces.at(-1)?.to ?? 0)
  return { start: at, end: at, with: spell(edit.with) }
}

/** Edits of a text and then edits of what came of it, as edits of the text. */
export function composed(text: string, first: readonly Edit[], second: readonly Edit[]): Edit[] {
  if (first.length === 0) return [...second]
  const reading = new Reading(text)
  const later = inOrder(second)
  const kept: Edit[] = []
  let [at, moved, next] = [0, 0, 0]
  for (const edit of inOrder(first)) {
    reading.plain(at, edit.start)
    reading.atom(edit.with, edit.start, edit.end)
    at = edit.end
    const start = edit.start + moved
    moved += edit.with.length - (edit.end - edit.start)
    while (next < later.length && (later[next] as Edit).end <= start) next++
    // What was put in and is touched is written anew by the later edit; what was only taken out stays out.
    const isTouched = (later[next]?.start ?? Number.POSITIVE_INFINITY) < start + edit.with.length
    if (edit.with === '' || !isTouched) kept.push(edit)
  }
  reading.plain(at, text.length)
  return inOrder([...kept, ...respell(reading.written(), later)])
}
