import { carried, uncarried } from '../bytes.ts'
import { type Change, type Edit, edited, moved } from '../edit.ts'
import { Unreadable } from '../unreadable.ts'
import { respell } from '../written.ts'
import { inCharset } from '../charset.ts'
import { contentEdits } from './content.ts'
import { type Header, headerEdits } from './header.ts'
import type { ContentType, Mail } from './mail.ts'

/** Nested deeper than any mail: messages in messages, parts in parts. */
const mostDepth = 50

/**
 * A raw mail with the texts of its headers and parts changed, each in the coding and charset it has; every other byte stays,
 * boundaries and line ends included. Messages attached to it are read in the same way. What is encrypted or compressed inside it is
 * not seen, and a signature over what changes no longer holds. Throws `Unreadable` where it does not begin with a header, or a text is in
 * an attachment that cannot be edited.
 */
export function rewriteMail(bytes: Uint8Array, change: Change): Uint8Array {
  const source = carried(bytes)
  const { headers } = headersOf(source)
  if (headers.length === 0) throw new Unreadable('mime', 'the value does not begin with a header')
  const edits = messageEdits(source, {
    change,
    path: [],
    lineEnd: lineEndOf(source),
    depth: 0,
    message: messageEdits,
  })
  return edits.length === 0 ? bytes : uncarried(edited(source, edits))
}

const lineEndOf = (source: string): string => (/\r?\n/.exec(source)?.[0] === '\n' ? '\n' : '\r\n')

/** Edits of a message or part: its header, then what it holds. */
function messageEdits(source: string, mail: Mail): Edit[] {
  if (mail.depth > mostDepth) throw new Unreadable('mime', `more than ${mostDepth} parts in one another`)
  const { headers, body } = headersOf(source)
  const edits = headers.flatMap((header) => headerEdits(source, header, mail.change, mail))
  const type = typeOf(source, headers)
  const content = source.slice(body)
  const inner = type.boundary === undefined ? undefined : parts(content, type.boundary)
  return [
    ...edits,
    ...moved(inner ? partEdits(content, inner, mail) : contentEdits(content, type, mail), body),
  ]
}

function typeOf(source: string, headers: readonly Header[]): ContentType {
  const value = (name: string): string => {
    const header = headers.find((one) => one.name === name)
    return header ? source.slice(header.from, header.to).replace(/\r?\n/g, '') : ''
  }
  const content = value('content-type')
  const parameter = (name: string): string | undefined => {
    const hit = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]*))`, 'i').exec(content)
    return hit?.[1]?.replace(/\\(.)/g, '$1') ?? hit?.[2]
  }
  const type = /^\s*([\w!#$&^.+-]+\/[\w!#$&^.+-]+)/.exec(content)?.[1]?.toLowerCase() ?? 'text/plain'
  const boundary = type.startsWith('multipart/') ? parameter('boundary') : undefined
  return {
    type,
    charset: parameter('charset') ?? '',
    boundary: boundary === '' ? undefined : boundary,
    coding: value('content-transfer-encoding').trim().toLowerCase(),
  }
}

interface Part {
  readonly from: number
  readonly to: number
  /** What stands before the first boundary and behind the last: text for programs that know no parts. */
  readonly isEdge: boolean
}

/** The stretches between the boundaries; undefined where none stands. A mail that is cut off may lack the last. */
function parts(content: string, boundary: string): readonly Part[] | undefined {
  const out: Part[] = []
  let from = 0
  let isClosed = false
  const line = new RegExp(
    `(?:^|\\r?\\n)--${boundary.replace(/[^\w]/g, '\\$&')}(--)?[ \\t]*(?=\\r?\\n|$)`,
    'g',
  )
  for (let hit = line.exec(content); hit && !isClosed; hit = line.exec(content)) {
    out.push({ from, to: Math.max(from, hit.index), isEdge: out.length === 0 })
    isClosed = hit[1] !== undefined
    const end = line.lastIndex
    from = isClosed ? end : end + (/^\r?\n/.exec(content.slice(end, end + 2))?.[0].length ?? 0)
  }
  return out.length === 0 ? undefined : [...out, { from, to: content.length, isEdge: isClosed }]
}

function partEdits(content: string, inner: readonly Part[], mail: Mail): Edit[] {
  return inner.flatMap(({ from, to, isEdge }, n) => {
    const source = content.slice(from, to)
    if (source.trim() === '') return []
    mail.path.push(n)
    const edits = isEdge ? plain(source, mail) : messageEdits(source, { ...mail, depth: mail.depth + 1 })
    mail.path.pop()
    return moved(edits, from)
  })
}

const plain = (source: string, mail: Mail): Edit[] => {
  const { written, write } = inCharset('', source)
  return respell(written, mail.change(written.text, { path: mail.path, role: 'value' }), write)
}

/** The header fields up to the empty line, and where the body begins. A part may have none. */
function headersOf(source: string): { headers: Header[]; body: number } {
  const headers: Header[] = []
  const field =
    /(?:([!-9;-~]+)[ \t]*:|>?(From ))((?:[^\r\n]+|\r(?!\n)|\r?\n[ \t]+(?=[^ \t\r\n]))*)(?:\r?\n|$)/dy
  let at = 0
  for (let hit = field.exec(source); hit; hit = at < source.length ? field.exec(source) : null) {
    const [from = 0, to = 0] = hit.indices?.[3] ?? []
    headers.push({ name: (hit[1] ?? hit[2] ?? '').toLowerCase(), from, to })
    at = field.lastIndex
  }
  return { headers, body: at + (/^\r?\n/.exec(source.slice(at, at + 2))?.[0].length ?? 0) }
}
