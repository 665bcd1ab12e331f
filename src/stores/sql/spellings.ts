import { domainToUnicode } from 'node:url'

/** The LIKE escape used everywhere: MariaDB's and PostgreSQL's default (a backslash) depends on settings. */
export const escape = '!'

export const likeLiteral = (text: string): string => text.replace(/[!%_]/g, (c) => escape + c)

/**
 * A LIKE pattern for text in any letter case. Databases fold ASCII letters alike and others each in its own way (or not),
 * so every run of other characters becomes `%`, with the letter that carries a mark: more candidates, none missed, composed or
 * not, nor the one İ of what is i and a dot in lower case.
 */
export const foldedPattern = (text: string): string =>
  text
    .split(/(?:\p{ASCII}\p{M}+|\P{ASCII})+/u)
    .map(likeLiteral)
    .join('%')

export const isAscii = (text: string): boolean => /^\p{ASCII}*$/u.test(text)

/** Spellings an e-mail address is asked for by: as given, and its domain as people write it (`xn--…` unfolded). */
export function emailSpellings(value: string): string[] {
  const at = value.lastIndexOf('@')
  const unicode = at < 0 ? '' : domainToUnicode(value.slice(at + 1))
  return unique([value, ...(unicode ? [`${value.slice(0, at)}@${unicode}`] : [])])
}

/**
 * The last seven digits of a number, its extension left out, with anything between them: people put blanks, dashes, dots
 * and brackets everywhere. Fewer digits (an internal line) are all used. Undefined for text without a digit.
 */
export function phonePattern(value: string): string | undefined {
  const digits = value
    .replace(/(;ext=|[xX#]|ext\.?)\s*\d*$/, '')
    .replace(/\D/g, '')
    .slice(-7)
  return digits === '' ? undefined : `%${digits.split('').join('%')}%`
}

/**
 * Patterns for text that stands anywhere. Where hardly any ASCII is left to hold on to (a name in another script), the
 * usual spellings are asked for literally: a fold to `%` would match every row. A guard, not a proof, for mixed case there.
 */
export function containsPatterns(value: string): string[] {
  if (value === '') return []
  const held = value.replace(/\P{ASCII}|[\s\p{P}]/gu, '')
  if (isAscii(value) || held.length >= 3) return [`%${foldedPattern(value)}%`]
  const cases = [value, value.toLowerCase(), value.toUpperCase(), titleCase(value)]
  return unique(cases.flatMap((text) => [text.normalize('NFC'), text.normalize('NFD')])).map(
    (text) => `%${likeLiteral(text)}%`,
  )
}

const titleCase = (text: string): string =>
  text
    .toLowerCase()
    .replace(
      /(^|[^\p{L}\p{M}])(\p{L})/gu,
      (_, before: string, letter: string) => before + letter.toUpperCase(),
    )

const unique = (list: string[]): string[] => [...new Set(list)]
