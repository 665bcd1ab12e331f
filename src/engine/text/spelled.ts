/** How texts write one and the same character: as it is, composed or not, and as JSON, HTML, URLs and mail headers escape it. */

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const percent = (char: string): string =>
  [...new TextEncoder().encode(char)].map((b) => `%${b.toString(16).padStart(2, '0')}`).join('')

const json = (char: string): string =>
  [...Array(char.length).keys()]
    .map((i) => `\\\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`)
    .join('')

/** A pattern (for the flags `iu`) that finds the text however it is written. Runs of blanks in it stand for any run of them. */
export function spelled(text: string): string {
  return Array.from(text.normalize('NFC'), charPattern).join('')
}

function charPattern(char: string): string {
  if (/[A-Za-z0-9]/.test(char)) return char
  if (char === ' ') return blanks
  if (char === '@') return at
  const point = char.codePointAt(0) ?? 0
  const spellings = [escape(char.normalize('NFC')), escape(char.normalize('NFD')), percent(char), json(char)]
  return `(?:${[...new Set(spellings)].join('|')}|&#0*${point};|&#x0*${point.toString(16)};)`
}

/** No two of these begin alike, so that a long run of blanks is read in one way only. */
const blanks = '(?:\\s|&nbsp;|%20|\\+){1,20}'

/** In URLs, quoted-printable, HTML and JSON. */
export const at = '(?:@|%40|=40|&#0*64;|&#x0*40;|&commat;|\\\\u0040)'

/** Escapes of what an address or a name goes on with: a letter, a digit, a sign of an address. */
const wordEscape = '(?:2[57bde]|3\\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a])'

/**
 * What ends in letters or digits and is yet no part of the word after it: `\n` in JSON, `%3A` in a URL, `=3D` in a mail. `%78` is: it
 * is an x.
 */
export const escapeBefore = `(?<=\\\\[nrtbf]|\\\\u(?!00${wordEscape}|00[c-f]|0[1-5])[0-9a-f]{4}|%(?!${wordEscape})[0-9a-f]{2}|=(?:3D|3A|3C|0A|0D|09|20|22|27))`

/** The longest run of plain letters and digits, in lower case: every spelling of the text holds it. */
export const solidPart = (text: string): string =>
  (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).reduce((a, b) => (b.length > a.length ? b : a), '')
