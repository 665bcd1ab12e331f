import type { Scalar } from 'yaml'
import { Unreadable } from '../unreadable.ts'

/** A changed scalar, in the style it had: plain words get quotes, for they may be anything; folded text goes into one line. */
export function scalarSource(changed: string, before: string, type: Scalar['type'], source: string): string {
  if (type === 'BLOCK_LITERAL') return literal(changed, before, source)
  const lineEnd = type === 'BLOCK_FOLDED' ? (/\r?\n$/.exec(source)?.[0] ?? '') : ''
  // Quotes in which nothing is escaped take what is printed on one line.
  const isSimple = /^[^\p{Cc}\p{Cs}\u2028\u2029\ufeff]*$/u.test(changed)
  const isSingle = isSimple && type !== 'QUOTE_DOUBLE'
  return (isSingle ? `'${changed.replace(/'/g, "''")}'` : doubleQuoted(changed)) + lineEnd
}

const doubleQuoted = (text: string): string =>
  JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** The lines under a `|`, as far in as they were, with the blank lines behind them. */
function literal(changed: string, before: string, source: string): string {
  const headEnd = source.indexOf('\n') + 1
  const body = source.slice(headEnd)
  const first = before.split('\n').find((line) => line.trim() !== '')
  const written = body.split(/\r?\n/).find((line) => line.trim() !== '')
  if (headEnd === 0 || first === undefined || !written?.endsWith(first))
    throw new Unreadable('yaml', 'a block of lines is not written as it reads', 'stuck')
  const indent = written.slice(0, written.length - first.length)
  const tail = body.slice(body.trimEnd().length)
  const lines = changed.trimEnd().split('\n')
  return source.slice(0, headEnd) + lines.map((line) => (line === '' ? '' : indent + line)).join('\n') + tail
}
