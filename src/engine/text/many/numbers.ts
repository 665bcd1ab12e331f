import type { Entry, Propose } from './book.ts'

export interface Numbers {
  propose(text: string, propose: Propose): void
}

/** Telephone numbers by their national digits, which stand in every spelling, one behind the other with little between. */
export function numbersOf(entries: readonly Entry[]): Numbers {
  const shelves = shelvesOf(entries)
  if (shelves.length === 0) return { propose: () => undefined }
  const rest = Math.min(...shelves.map(({ length }) => length)) - 1
  const plain = new RegExp(`[0-9](?:[^0-9A-Za-z]{0,3}[0-9]){${rest},}`, 'g')
  const withBlanks = new RegExp(`[0-9](?:(?:&nbsp;|[^0-9A-Za-z]){0,3}[0-9]){${rest},}`, 'gi')
  return {
    propose(text, propose) {
      const pattern = text.includes('&') && /&nbsp;/i.test(text) ? withBlanks : plain
      pattern.lastIndex = 0
      for (let run = pattern.exec(text); run; run = pattern.exec(text))
        lookIn(shelves, text, run.index, pattern.lastIndex, propose)
    },
  }
}

/** Numbers of so many digits, by their digits as one number. */
interface Shelf {
  readonly length: number
  readonly modulus: number
  readonly known: ReadonlyMap<number, readonly Entry[]>
}

function shelvesOf(entries: readonly Entry[]): Shelf[] {
  return [...Map.groupBy(entries, ({ needle }) => needle.national?.length ?? 0)].map(([length, of]) => ({
    length,
    modulus: 10 ** length,
    known: Map.groupBy(of, ({ needle }) => Number(needle.national)),
  }))
}

/** As many digits as a number holds exactly, and no national number has more. */
const mostDigits = 10 ** 14

/** At the end of each row of digits: the last so many, whatever stands between them. */
function lookIn(shelves: readonly Shelf[], text: string, start: number, end: number, propose: Propose): void {
  let digits = 0
  let value = 0
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code < 48 || code > 57) continue
    digits++
    value = (value % mostDigits) * 10 + (code - 48)
    const next = text.charCodeAt(i + 1)
    if (next >= 48 && next <= 57) continue
    for (const { length, modulus, known } of shelves) {
      const found = digits >= length ? known.get(value % modulus) : undefined
      if (found) propose(i, found)
    }
  }
}
