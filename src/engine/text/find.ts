import type { Needle } from './needles.ts'

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
