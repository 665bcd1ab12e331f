import { type CountryCode, findPhoneNumbersInText } from 'libphonenumber-js/max'
import type { Needle } from './needles.ts'
import { at } from './spelled.ts'

export interface Span {
  readonly start: number
  readonly end: number
}

/** Whether any needle stands in the text. */
export function holds(text: string, needles: readonly Needle[]): boolean {
  const lower = text.toLowerCase()
  return needles.some((needle) => {
    if (!needle.mayHold(text, lower)) return false
    needle.pattern.lastIndex = 0
    return needle.pattern.test(text)
  })
}

/** Where needles stand, in order, overlaps joined. */
export function find(text: string, needles: readonly Needle[]): Span[] {
  const lower = text.toLowerCase()
  const spans: Span[] = []
  for (const needle of needles) {
    if (!needle.mayHold(text, lower)) continue
    needle.pattern.lastIndex = 0
    for (const hit of text.matchAll(needle.pattern))
      spans.push({ start: hit.index, end: hit.index + hit[0].length })
  }
  return joined(spans)
}

function joined(spans: Span[]): Span[] {
  const out: { start: number; end: number }[] = []
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    const last = out.at(-1)
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end)
    else out.push({ ...span })
  }
  return out
}

export const erasedMark = '[erased]'

function replaceSpans(text: string, spans: readonly Span[], mark: string): string {
  if (spans.length === 0) return text
  let out = ''
  let at = 0
  for (const { start, end } of spans) {
    out += text.slice(at, start) + mark
    at = end
  }
  return out + text.slice(at)
}

/** Begins where a run of its signs begins, or a long run without an @ would be read again from each of them. */
const address = new RegExp(
  `(?<![\\p{L}\\p{N}._%+'-])[\\p{L}\\p{N}._%+'-]+${at}[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)+`,
  'giu',
)
export const otherMark = '[withheld]'

/**
 * Hides other people's addresses and numbers in a copy for the person (Art. 15(4)); hers stay. A guard, not a proof: names of
 * others in free text are for the officer's eye.
 */
export function hideOthers(
  text: string,
  hers: readonly Needle[],
  country?: CountryCode,
): { text: string; hidden: number } {
  // Her name inside another's address does not make it hers.
  const mine = find(
    text,
    hers.filter((needle) => needle.kind !== 'name'),
  )
  const isMine = (span: Span) => mine.some((m) => m.start < span.end && span.start < m.end)
  const spans: Span[] = [...text.matchAll(address)].map((hit) => ({
    start: hit.index,
    end: hit.index + hit[0].length,
  }))
  for (const hit of findPhoneNumbersInText(text, country ? { defaultCountry: country } : {}))
    spans.push({ start: hit.startsAt, end: hit.endsAt })
  const others = joined(spans.filter((span) => !isMine(span)))
  return { text: replaceSpans(text, others, otherMark), hidden: others.length }
}

/** The sentence or so around each hit, for rows that only mention her; what lies near each other is one piece. */
export function excerpts(text: string, hers: readonly Needle[], around = 160): string {
  const pieces = find(text, hers).map(({ start, end }) => ({
    start: Math.max(0, start - around),
    end: Math.min(text.length, end + around),
  }))
  return joined(pieces)
    .map(
      ({ start, end }) => `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`,
    )
    .join('\n')
}
