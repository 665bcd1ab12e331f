/** Markup that is already safe; only `html` and `raw` make it. */
export interface Html {
  readonly markup: string
}

export const raw = (markup: string): Html => ({ markup })

type Part = string | number | Html | undefined | readonly (string | Html)[]

/** A template whose values are escaped, unless they are markup themselves. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let markup = texts[0] ?? ''
  parts.forEach((part, i) => {
    markup += markupOf(part) + (texts[i + 1] ?? '')
  })
  return { markup }
}

function markupOf(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'string') return escaped(part)
  if (typeof part === 'number') return String(part)
  if ('markup' in part) return part.markup
  return part.map(markupOf).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For text and quoted attributes; what HTML forbids (NUL, control characters, broken surrogates) shows as U+FFFD. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu, '\uFFFD')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character)
