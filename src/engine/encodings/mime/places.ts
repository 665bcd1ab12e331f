import type { Edit } from '../edit.ts'
import type { Written } from '../written.ts'

const addresses =
  /^(?:(?:resent-)?(?:from|to|cc|bcc|sender|reply-to|message-id)|return-path|delivered-to|x-original-to|envelope-to|errors-to|disposition-notification-to|in-reply-to|references)$/

/**
 * New text as the grammar of a header takes it at its place (RFC 5322, 2045): an address becomes one that leads nowhere, words of a
 * display name are quoted, a parameter without quotes loses the signs it may not have. A subject takes anything.
 */
export function placed(name: string, written: Written, edits: readonly Edit[]): Edit[] {
  const isAddress = addresses.test(name)
  const isParameter = name.startsWith('content-')
  if (!isAddress && !isParameter && name !== 'received') return [...edits]
  const state = states(shape(written))
  return edits.map((edit) => {
    const where = state(edit.start)
    const isWhole = written.text.slice(edit.start, edit.end).includes('@') && !edit.with.includes('@')
    if (inAtom(written, edit)) return edit
    switch (where) {
      case 'quotes':
        return { ...edit, with: edit.with.replace(/["\\]/g, '\\$&') }
      case 'comment':
        return { ...edit, with: edit.with.replace(/[()\\]/g, '\\$&') }
      case 'angle':
        return { ...edit, with: isWhole ? nowhere(edit.with) : token(edit.with) }
      case 'plain':
        if (isParameter) return { ...edit, with: token(edit.with) }
        if (isAddress) return { ...edit, with: isWhole ? nowhere(edit.with) : phrase(edit.with) }
        return edit
    }
  })
}

const token = (text: string): string => text.replace(/[^\w.-]/g, '')
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`
const nowhere = (text: string): string => `${quoted(text)}@invalid`
const phrase = (text: string): string => (/^[\w !#$%&'*+/=?^`{|}~-]*$/.test(text) ? text : quoted(text))

const inAtom = ({ pieces }: Written, edit: Edit): boolean =>
  pieces.some((p) => p.spell && p.at <= edit.start && edit.end <= p.at + p.length)

/** Quotes and brackets of an encoded word are no quotes and brackets of the header. */
function shape({ text, pieces }: Written): string {
  const signs = text.split('')
  for (const piece of pieces) if (piece.spell) signs.fill('x', piece.at, piece.at + piece.length)
  return signs.join('')
}

type Where = 'quotes' | 'comment' | 'angle' | 'plain'

/** In which part of the header a place is; asked for places in order. */
function states(text: string): (place: number) => Where {
  let [at, isQuoted, depth, isAngle] = [0, false, 0, false]
  return (place) => {
    for (; at < place; at++) {
      const sign = text.charAt(at)
      if (sign === '\\' && (isQuoted || depth > 0)) at++
      else if (sign === '"' && depth === 0) isQuoted = !isQuoted
      else if (isQuoted) continue
      else if (sign === '(') depth++
      else if (sign === ')') depth = Math.max(0, depth - 1)
      else if (depth > 0) continue
      else if (sign === '<' || sign === '>') isAngle = sign === '<'
    }
    if (isQuoted) return 'quotes'
    if (depth > 0) return 'comment'
    return isAngle ? 'angle' : 'plain'
  }
}
