import { carried, uncarried } from '../bytes.ts'
import { inCharset } from '../charset.ts'
import { type Change, type Edit, inOrder, moved } from '../edit.ts'
import { percented } from '../url.ts'
import { Reading, respell, type Written } from '../written.ts'
import { placed } from './places.ts'
import { encodedWords, readWords, wordsFor } from './words.ts'

export interface Header {
  /** In lower case. */
  readonly name: string
  /** Where its value begins and ends, folds included. */
  readonly from: number
  readonly to: number
}

/** Edits of one header field: unfolded, with encoded words and parameters decoded; new text is put as its place in the field allows. */
export function headerEdits(
  source: string,
  { name, from, to }: Header,
  change: Change,
  mail: { readonly path: readonly (string | number)[]; readonly lineEnd: string },
): Edit[] {
  const written = headerText(source.slice(from, to), name, mail.lineEnd)
  const found = change(written.text, { path: [...mail.path, name], role: 'value' })
  if (found.length === 0) return []
  const spell = (text: string): string =>
    /^[\t\r\n -~]*$/.test(text) ? text : wordsFor(text, 'utf-8', false, mail.lineEnd)
  return moved(respell(written, placed(name, written, inOrder(found)), spell), from)
}

/** The value of a header as a reader sees it. */
export function headerText(raw: string, name: string, lineEnd: string): Written {
  const reading = new Reading(raw)
  let at = 0
  for (const special of specials(raw, name, lineEnd)) {
    if (special.from < at) continue
    plainText(reading, raw, at, special.from)
    special.read(reading)
    at = special.to
  }
  plainText(reading, raw, at, raw.length)
  return reading.written()
}

interface Special {
  readonly from: number
  readonly to: number
  read(reading: Reading): void
}

function specials(raw: string, name: string, lineEnd: string): Special[] {
  const found: Special[] = [...raw.matchAll(encodedWords)].map(({ index, 0: run }) => ({
    from: index,
    to: index + run.length,
    read: (reading) => readWords(reading, run, index, lineEnd),
  }))
  if (!/^content-(type|disposition)$/.test(name)) return found
  // The boundary stands in the body too: it is not read, so that it is not changed.
  for (const { index, 0: sign } of raw.matchAll(/;\s*boundary\s*=\s*(?:"[^"]*"|[^;\s]*)/gi))
    found.push({ from: index, to: index + sign.length, read: () => undefined })
  return [...found, ...longParameters(raw)].sort((a, b) => a.from - b.from)
}

/** `filename*=utf-8''…`, or in numbered pieces (RFC 2231): one atom, written again in one piece. */
function longParameters(raw: string): Special[] {
  const parameter =
    /(?<![\w!#$&+.^`|~-])([\w!#$&+.^`|~-]+)\*(?:(\d{1,3})(\*)?)?=("(?:[^"\\]|\\.)*"|[^;\s]*)/gs
  const out: { name: string; from: number; to: number; label: string; bytes: string }[] = []
  for (const { index, 0: sign, 1: name = '', 2: number, 3: star, 4: value = '' } of raw.matchAll(parameter)) {
    const bare = value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value
    const isCoded = number === undefined || star !== undefined
    const isFirst = number === undefined || Number(number) === 0
    const [, label = '', , coded = bare] = (isCoded && isFirst && /^([^']*)'([^']*)'(.*)$/s.exec(bare)) || []
    const bytes = isCoded ? unpercentedBytes(coded) : bare
    const last = out.at(-1)
    const to = index + sign.length
    if (!isFirst && last?.name === name && /^[;\s]*$/.test(raw.slice(last.to, index))) {
      last.bytes += bytes
      last.to = to
    } else out.push({ name, from: index, to, label, bytes })
  }
  return out.map(({ name, from, to, label, bytes }) => ({
    from,
    to,
    read: (reading) =>
      reading.atom(
        inCharset(label, bytes).written.text,
        from,
        to,
        (text) => `${name}*=utf-8''${percented(text).replace(/['()*]/g, (sign) => carriedEscape(sign))}`,
      ),
  }))
}

const unpercentedBytes = (text: string): string =>
  text.replace(/%([\da-f]{2})/gi, (_, byte: string) => carried(Uint8Array.of(Number.parseInt(byte, 16))))

const carriedEscape = (sign: string): string => `%${uncarried(sign).toString('hex').toUpperCase()}`

/** Folds are one blank each; bytes beyond ASCII, which a header should not hold, are read as UTF-8 or windows-1252. */
function plainText(reading: Reading, raw: string, from: number, to: number): void {
  let at = from
  for (const { index, 0: sign } of raw.slice(from, to).matchAll(/\r?\n([ \t])|[\x80-\xff]+/g)) {
    const start = from + index
    reading.plain(at, start)
    at = start + sign.length
    if (/[\n]/.test(sign)) reading.atom(sign.slice(-1), start, at)
    else
      for (const piece of inCharset('utf-8', sign).written.pieces)
        reading.atom(
          inCharset('utf-8', sign.slice(piece.from, piece.to)).written.text,
          start + piece.from,
          start + piece.to,
        )
  }
  reading.plain(at, to)
}
