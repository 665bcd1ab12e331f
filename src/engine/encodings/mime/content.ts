import { isBinary, carried, uncarried } from '../bytes.ts'
import { openBase64 } from '../base64.ts'
import { inCharset } from '../charset.ts'
import { type Change, difference, type Edit, edited, type Place } from '../edit.ts'
import { htmlEdits } from '../html.ts'
import { jsonEdits } from '../json.ts'
import { isUnreadable, Unreadable } from '../unreadable.ts'
import type { Opened } from '../whole.ts'
import { Reading, respell, type Written } from '../written.ts'
import type { ContentType, Mail } from './mail.ts'
import { quotedPrintable, rewrapped, unquoted } from './quoted.ts'

/** Edits of what a part holds, in its transfer coding. */
export function contentEdits(content: string, type: ContentType, mail: Mail): Edit[] {
  switch (type.coding) {
    case 'base64':
      return base64Edits(content, type, mail)
    case 'quoted-printable': {
      const written = unquoted(content)
      const edits = respell(written, decodedEdits(written.text, type, mail), quotedPrintable)
      if (edits.length === 0) return []
      return difference(content, rewrapped(content, edited(content, edits), mail.lineEnd))
    }
    default:
      return decodedEdits(content, type, mail)
  }
}

/** What is not base64 all through (a footer behind it) is decoded as far as it goes, and not edited. */
function base64Edits(content: string, type: ContentType, mail: Mail): Edit[] {
  if (content.trim() === '') return []
  const opened = openedStrictly(content)
  if (!opened) {
    const lenient = carried(Buffer.from(content, 'base64'))
    const edits = [...decodedEdits(lenient, type, mail), ...mail.change(content, placeIn(mail))]
    if (edits.length > 0) throw new Unreadable('mime', 'a part that should be base64 is not', 'stuck')
    return []
  }
  const inner = carried(opened.inner)
  const edits = decodedEdits(inner, type, mail)
  if (edits.length === 0) return []
  return difference(content, carried(opened.close(uncarried(edited(inner, edits)))))
}

function openedStrictly(content: string): Opened | undefined {
  try {
    return openBase64(uncarried(content))
  } catch (error) {
    if (isUnreadable(error)) return undefined
    throw error
  }
}

const placeIn = (mail: Mail): Place => ({ path: mail.path, role: 'value' })

/** Edits of what a part holds, decoded to bytes. */
function decodedEdits(bytes: string, { type, charset }: ContentType, mail: Mail): Edit[] {
  if (/^message\/(rfc822|global)$/.test(type)) return mail.message(bytes, { ...mail, depth: mail.depth + 1 })
  const isText = /^(text|message|multipart)\//.test(type)
  if (!isText && isBinary(bytes)) return closed(bytes, mail)
  const { written, write } = inCharset(charset, bytes)
  const change = (edits: (text: string, change: Change) => Edit[]): Edit[] =>
    respell(written, edits(written.text, mail.change), write)
  if (/\bhtml\b/.test(type)) return change(htmlEdits)
  if (/\bjson$/.test(type) && isJson(written.text)) return change(jsonEdits)
  if (/calendar|vcard|directory/.test(type)) return change((text) => foldedEdits(text, mail))
  return change((text, leaf) => [...leaf(text, placeIn(mail))])
}

/** A picture or document: searched as it stands, never edited. */
function closed(bytes: string, mail: Mail): Edit[] {
  if (mail.change(bytes, placeIn(mail)).length > 0)
    throw new Unreadable('mime', 'a text stands in an attachment that cannot be edited', 'stuck')
  return []
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Calendars and visiting cards break a long line anywhere, and begin the next with a blank. */
function foldedEdits(text: string, mail: Mail): Edit[] {
  const written = unfolded(text)
  return respell(written, mail.change(written.text, placeIn(mail)))
}

function unfolded(source: string): Written {
  const reading = new Reading(source)
  let at = 0
  for (const { index, 0: sign } of source.matchAll(/[^\r\n](?:\r?\n[ \t])+/g)) {
    reading.plain(at, index)
    at = index + sign.length
    reading.atom(sign.charAt(0), index, at)
  }
  reading.plain(at, source.length)
  return reading.written()
}
