import { plain } from './marks.ts'

/* Mail as Request Tracker keeps it: one row for a part, headers beside the body, the body encoded where it is no UTF-8 text. */
export interface Part {
  readonly type: string
  readonly content: string
  readonly fileName?: string
  /** How RT stored it; on PostgreSQL whatever is not valid UTF-8 text is encoded. */
  readonly encoding?: 'none' | 'base64' | 'quoted-printable'
}

export interface NewMessage {
  readonly ticket: number
  readonly type: 'Create' | 'Correspond' | 'Comment' | 'EmailRecord' | 'CommentEmailRecord'
  readonly by: number
  readonly from: string
  readonly to: string
  readonly cc?: string
  readonly subject: string
  /** More headers, a line each. */
  readonly headers?: readonly string[]
  readonly parts: readonly Part[]
}

/** One row of `attachments`; the first has the message's headers. */
export interface MailPart {
  readonly headers: string
  readonly type: string
  readonly part?: Part
}

/** One part alone is the message; several, or a file, hang below a part without a body. */
export function mailParts(message: NewMessage, messageId: string): [MailPart, ...MailPart[]] {
  const [first, ...more] = message.parts
  if (first !== undefined && more.length === 0 && first.fileName === undefined)
    return [{ headers: head(message, messageId, first.type, first.encoding), type: first.type, part: first }]
  const type = 'multipart/mixed'
  return [{ headers: head(message, messageId, type, '8bit'), type }, ...message.parts.map(below)]
}

function below(part: Part): MailPart {
  const { fileName, type } = part
  const lines = fileName === undefined ? [] : [`Content-Disposition: attachment; filename="${fileName}"`]
  return { headers: [`Content-Type: ${type}`, ...lines].join('\n'), type, part }
}

const head = (message: NewMessage, messageId: string, type: string, encoding = 'none'): string =>
  [
    `From: ${message.from}`,
    `To: ${message.to}`,
    ...(message.cc === undefined ? [] : [`Cc: ${message.cc}`]),
    `Subject: ${message.subject}`,
    `Message-ID: <${messageId}>`,
    ...(message.headers ?? []),
    `Content-Type: ${type}; charset="utf-8"`,
    `Content-Transfer-Encoding: ${encoding}`,
    'X-RT-Original-Encoding: utf-8',
  ].join('\n')

export function encoded({ content, encoding = 'none' }: Part): string {
  switch (encoding) {
    case 'base64':
      return Buffer.from(plain(content)).toString('base64').replace(/.{76}/g, '$&\n')
    case 'quoted-printable':
      return quoted(plain(content))
    case 'none':
      return content
  }
}

/** RFC 2045, with its soft line breaks: an address may stand across two lines. */
function quoted(text: string): string {
  const lines = [...Buffer.from(text)].map((byte) =>
    (byte >= 32 && byte <= 126 && byte !== 61) || byte === 10
      ? String.fromCharCode(byte)
      : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  )
  let width = 0
  return lines
    .map((piece) => {
      width = piece === '\n' ? 0 : width + piece.length
      if (width <= 72) return piece
      width = piece.length
      return `=\n${piece}`
    })
    .join('')
}
