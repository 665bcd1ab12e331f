import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { Entry, Propose } from './book.ts'

export interface Numbers {
  propose(text: string, propose: Propose): void
}

/** Telephone numbers by their national digits, which stand in every spelling, one behind the other with little between. */
export function numbersOf(entries: readonly Entry[]): Numbers {
  const known = new Map<string, Entry[]>()
  for (const entry of entries) {
    const digits = nationalOf(entry)
    known.set(digits, [...(known.get(digits) ?? []), entry])
  }
  const lengths = [...new Set([...known.keys()].map((digits) => digits.length))]
  const least = Math.min(...lengths)
  if (lengths.length === 0) return { propose: () => undefined }
  const rest = least - 1
  const plain = new RegExp(`[0-9](?:[^0-9A-Za-z]{0,3}[0-9]){${rest},}`, 'g')
  const withBlanks = new RegExp(`[0-9](?:(?:&nbsp;|[^0-9A-Za-z]){0,3}[0-9]){${rest},}`, 'gi')
  return {
    propose(text, propose) {
      const pattern = text.includes('&') && /&nbsp;/i.test(text) ? withBlanks : plain
      for (const { index, 0: run } of text.matchAll(pattern)) lookIn(known, lengths, run, index, propose)
    },
  }
}

const nationalOf = ({ needle }: Entry): string =>
  parsePhoneNumberFromString(needle.value.replace(/;ext=.*$/, ''))?.nationalNumber ?? ''

/** At the end of each row of digits: the last so many, whatever stands between them. */
function lookIn(
  known: ReadonlyMap<string, readonly Entry[]>,
  lengths: readonly number[],
  run: string,
  index: number,
  propose: Propose,
): void {
  let digits = ''
  for (let i = 0; i < run.length; i++) {
    const code = run.charCodeAt(i)
    if (code < 48 || code > 57) continue
    digits = digits.length > 40 ? digits.slice(-20) + run[i] : digits + run[i]
    const next = run.charCodeAt(i + 1)
    if (next >= 48 && next <= 57) continue
    for (const length of lengths) {
      if (digits.length < length) continue
      const found = known.get(digits.slice(-length))
      if (found) propose(index + i, found)
    }
  }
}
