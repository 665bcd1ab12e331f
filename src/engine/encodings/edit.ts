/** One replacement in a text: what stands from `start` up to `end` becomes `with`. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly with: string
}

/** Where a text stands inside a packed value. The path is one growing list: copy it to keep it. */
export interface Place {
  readonly path: readonly (string | number)[]
  /** A number is written without quotes, and becomes a string when it changes. */
  readonly role: 'key' | 'value' | 'number'
}

/** What becomes of one text inside a packed value; no edits: it stays as it is written. In order, none over another. */
export type Change = (text: string, place: Place) => readonly Edit[]

/** The text after its edits, which may come in any order. */
export function edited(text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return text
  const out: string[] = []
  let at = 0
  for (const edit of inOrder(edits)) {
    out.push(text.slice(at, edit.start), edit.with)
    at = edit.end
  }
  out.push(text.slice(at))
  return out.join('')
}

export const inOrder = (edits: readonly Edit[]): Edit[] => [...edits].sort((a, b) => a.start - b.start)

export const moved = (edits: readonly Edit[], by: number): Edit[] =>
  edits.map((edit) => ({ start: edit.start + by, end: edit.end + by, with: edit.with }))

/** The one edit that leads from a text to another: what both begin and end with stays. */
export function difference(before: string, after: string): Edit[] {
  if (before === after) return []
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && before[head] === after[head]) head++
  let tail = 0
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  return [{ start: head, end: before.length - tail, with: after.slice(head, after.length - tail) }]
}
