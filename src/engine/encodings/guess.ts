import { openBase64 } from './base64.ts'
import { carried, uncarried, utf8 } from './bytes.ts'
import { inCharset } from './charset.ts'
import { type Change, difference, type Edit, edited } from './edit.ts'
import { htmlEdits } from './html.ts'
import { jsonEdits } from './json.ts'
import { quotedPrintable, unquoted } from './mime/quoted.ts'
import { textEdits } from './rewrite.ts'
import { isUnreadable } from './unreadable.ts'
import { respell } from './written.ts'
import { documents, yamlEdits } from './yaml/edits.ts'

/** Edits inside a text of which nobody said what it is packed in. */
export interface Guess {
  readonly edits: readonly Edit[]
  /** What is left between the texts inside may be changed as plain text too. */
  readonly isPlain: boolean
}

/**
 * Takes a whole text for what it is, as a reader of it would: JSON, what PHP serialised, YAML with its mark, a raw mail, one body of
 * base64 or quoted-printable, HTML. Undefined where it is none of these. Throws `Unreadable` where it is, and a text inside cannot change.
 */
export function guessedEdits(text: string, change: Change): Guess | undefined {
  for (const { looks, edits, isPlain } of ways) {
    if (!looks.test(text)) continue
    try {
      const found = edits(text, change)
      if (!found) continue
      return { edits: found, isPlain: isPlain === 'always' || (isPlain === 'else' && found.length === 0) }
    } catch (error) {
      if (!isUnreadable(error, 'broken')) throw error
    }
  }
  return undefined
}

interface Way {
  readonly looks: RegExp
  /** Undefined where it only looked like it. */
  edits(text: string, change: Change): readonly Edit[] | undefined
  readonly isPlain: 'always' | 'else' | 'never'
}

const ways: readonly Way[] = [
  { looks: /^\s*[[{]/, edits: jsonEdits, isPlain: 'never' },
  {
    looks: /^(?:a:\d+:\{|[OC]:\d+:"|s:\d+:")/,
    edits: (text, change) => textEdits(['php'], text, change, top),
    isPlain: 'never',
  },
  { looks: /^---[ \r\n]/, edits: markedYaml, isPlain: 'never' },
  {
    looks:
      /^(?:>?From [^\n]*\n)?(?:[!-9;-~]+[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:mime-version|content-type|message-id|received)[ \t]*:/i,
    edits: (text, change) => textEdits(['mime'], text, change, top),
    isPlain: 'never',
  },
  { looks: /^\s*[\w+/-]{4}/, edits: base64Body, isPlain: 'else' },
  { looks: /=(?:[\dA-F]{2}|\r?\n)/, edits: quotedBody, isPlain: 'always' },
  { looks: /<[a-z!/]|&[a-z#]/i, edits: htmlEdits, isPlain: 'always' },
]

const top = { path: [], role: 'value' } as const

/** Two dashes and a line may begin any text: only a list or map with names is YAML. */
function markedYaml(text: string, change: Change): Edit[] | undefined {
  if (documents(text).some(({ contents }) => contents === null || !('items' in contents))) return undefined
  return yamlEdits(text, change)
}

/** A word may look like base64; text inside one means that it is. */
function base64Body(text: string, change: Change): Edit[] | undefined {
  const signs = text.trim().replace(/[\r\n]+/g, '')
  if (!/^[\w+/=-]{12,}$/.test(signs) || signs.length % 4 === 1) return undefined
  const opened = openBase64(uncarried(text))
  const inner = utf8(opened.inner)
  if (inner === undefined) return undefined
  const edits = change(inner, top)
  return edits.length === 0
    ? []
    : difference(text, carried(opened.close(Buffer.from(edited(inner, edits), 'utf8'))))
}

/** Every `=` in it is an escape or ends a line, and all is ASCII. Only what changes is written anew. */
function quotedBody(text: string, change: Change): Edit[] | undefined {
  if (/=(?![\dA-F]{2}|[ \t]*\r?\n|$)|[^\0-\x7f]/.test(text)) return undefined
  const bytes = unquoted(text)
  const { written, write } = inCharset('utf-8', bytes.text)
  return respell(bytes, respell(written, change(written.text, top), write), quotedPrintable)
}
