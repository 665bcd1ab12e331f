import fc from 'fast-check'
import { type ParsedMail, simpleParser } from 'mailparser'
import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import { describe, expect, it } from 'vitest'
import { rewriteWithin } from '../../../src/engine/encodings/rewrite.ts'
import { Unreadable } from '../../../src/engine/encodings/unreadable.ts'

const pattern = /ann@x\.example|Ann\s+Lee|Søren/g
const edits = (text: string) =>
  [...text.matchAll(pattern)].map((hit) => ({
    start: hit.index,
    end: hit.index + hit[0].length,
    with: '[erased]',
  }))
const bytes = (lines: readonly string[], end = '\r\n') => Buffer.from(lines.join(end), 'latin1')
const redacted = (mail: Uint8Array) => Buffer.from(rewriteWithin(['mime'], mail, edits) as Uint8Array)
/** The mail after redaction, as lines. */
const lines = (source: readonly string[], end = '\r\n') =>
  redacted(bytes(source, end)).toString('latin1').split(end)

describe('the header of a raw mail', () => {
  const header = (...fields: string[]) => lines([...fields, '', '']).slice(0, -2)
  it('stays one: addresses become addresses, words of names are quoted', () => {
    expect(
      header(
        'From: Ann Lee <ann@x.example>',
        'To: "Lee, Ann Lee" <bob@x.example>, ann@x.example (home of Ann Lee)',
        'Message-ID: <ann@x.example>',
        'Received: from a by b for <ann@x.example>; Sun, 22 Nov 2026 10:00:00 +0100',
        'Subject: about Ann Lee, ann@x.example',
      ),
    ).toEqual([
      'From: "[erased]" <"[erased]"@invalid>',
      'To: "Lee, [erased]" <bob@x.example>, "[erased]"@invalid (home of [erased])',
      'Message-ID: <"[erased]"@invalid>',
      'Received: from a by b for <"[erased]"@invalid>; Sun, 22 Nov 2026 10:00:00 +0100',
      'Subject: about [erased], [erased]',
    ])
  })

  it('is read through folds and encoded words, which are written again in their own charset and coding', () => {
    expect(
      header(
        'Subject: re: Ann',
        '\tLee and =?iso-8859-1?Q?S=F8ren_J=F8rgensen?=',
        ' =?utf-8?B?w6kgU8O4cmVu?= x',
        'X-Other: =?utf-8?q?J=C3=B8rgen?=',
      ),
    ).toEqual([
      'Subject: re: [erased] and =?iso-8859-1?Q?=5Berased=5D_J=F8rgensen=E9_=5Berased=5D?= x',
      'X-Other: =?utf-8?q?J=C3=B8rgen?=',
    ])
  })

  it('has a character that is cut in two between words put together', () => {
    expect(header('Subject: =?utf-8?Q?S=C3?= =?utf-8?Q?=B8ren_!?=')).toEqual([
      'Subject: =?utf-8?Q?=5Berased=5D_!?=',
    ])
  })

  it('has names of files in all their ways of writing', () => {
    expect(
      header(
        'Content-Type: application/pdf; name="Ann Lee.pdf"',
        "Content-Disposition: attachment; filename*=iso-8859-1''S%F8ren.pdf",
        'Content-Disposition: attachment; filename*0="Ann "; filename*1="Lee.pdf"; size=1',
      ),
    ).toEqual([
      'Content-Type: application/pdf; name="[erased].pdf"',
      "Content-Disposition: attachment; filename*=utf-8''%5Berased%5D.pdf",
      "Content-Disposition: attachment; filename*=utf-8''%5Berased%5D.pdf; size=1",
    ])
  })
})

const part = (type: string, coding: string, body: string) => [
  `Content-Type: ${type}`,
  `Content-Transfer-Encoding: ${coding}`,
  '',
  body,
]
const base64 = (text: string, encoding: BufferEncoding, width = 76, end = '\r\n') =>
  (
    Buffer.from(text, encoding)
      .toString('base64')
      .match(new RegExp(`.{1,${width}}`, 'g')) ?? []
  ).join(end)

describe('the body of a raw mail', () => {
  const body = (type: string, coding: string, text: string) =>
    lines(['Subject: x', ...part(type, coding, text)])
      .slice(4)
      .join('\r\n')
  const long = 'å'.repeat(60)
  it.each([
    [
      'quoted-printable in windows-1252',
      'text/plain; charset=windows-1252',
      'quoted-printable',
      'S=F8ren =80 5 an=\r\nn@x.example =E9=\r\n=20=\r\n',
      '[erased] =80 5 [erased]=\r\n =E9=\r\n=20=\r\n',
    ],
    [
      'quoted-printable in UTF-8',
      'text/plain; charset="UTF-8"',
      'quoted-printable',
      'S=C3=B8ren=3D=c3=a9',
      '[erased]=3D=c3=a9',
    ],
    ['8bit in latin-1', 'text/plain; charset=iso-8859-1', '8bit', 'Zo\xeb S\xf8ren', 'Zo\xeb [erased]'],
    [
      '8bit in UTF-8 that calls itself latin-1',
      'text/plain; charset=iso-8859-1',
      '8bit',
      'S\xc3\xb8ren',
      '[erased]',
    ],
    [
      'base64 in UTF-8',
      'text/plain; charset=utf-8',
      'base64',
      base64(`${long} Søren ${long}`, 'utf8', 60),
      base64(`${long} [erased] ${long}`, 'utf8', 60),
    ],
    [
      'base64 in UTF-16',
      'text/plain; charset=utf-16le',
      'base64',
      base64('é Søren', 'utf16le'),
      base64('é [erased]', 'utf16le'),
    ],
    ['Koi8-R', 'text/plain; charset=koi8-r', '8bit', '\xf0\xd2\xc9 Ann Lee', '\xf0\xd2\xc9 [erased]'],
    [
      'Shift_JIS',
      'text/plain; charset=shift_jis',
      '8bit',
      '\x93\xfa\x96\x7b Ann Lee \x5c',
      '\x93\xfa\x96\x7b [erased] \x5c',
    ],
    [
      'HTML',
      'text/html; charset=utf-8',
      'quoted-printable',
      '<a href=3D"mailto:ann@x.example"><b>Ann</b> Lee &oslash;</a>',
      '<a href=3D"mailto:[erased]"><b>[erased]</b> &oslash;</a>',
    ],
    [
      'JSON',
      'application/json',
      '7bit',
      '{"a": "ann\\u0040x.example", "n": 1.10}',
      '{"a": "[erased]", "n": 1.10}',
    ],
    [
      'a calendar, folded',
      'text/calendar; charset=utf-8',
      '8bit',
      'ATTENDEE:mailto:ann@x.\r\n example\r\nEND:VCALENDAR',
      'ATTENDEE:mailto:[erased]\r\nEND:VCALENDAR',
    ],
    ['no type and coding that anybody knows', 'x', 'x-odd', 'ann@x.example', '[erased]'],
  ])('in %s', (_, type, coding, before, after) => expect(body(type, coding, before)).toBe(after))

  it('in quoted-printable has no line over 76 signs afterwards', () => {
    const text = `${'a'.repeat(60)} ann@x.ex=\r\nample ${'b'.repeat(60)}=3D`
    const after = body('text/plain', 'quoted-printable', text)
    expect(after.split('\r\n').every((line) => line.length <= 76)).toBe(true)
    expect(after.replaceAll('=\r\n', '')).toBe(`${'a'.repeat(60)} [erased] ${'b'.repeat(60)}=3D`)
  })

  it('keeps every byte of what does not change, wrong as it may be', () => {
    const odd = [
      'From nobody Sun Nov 22 10:00:00 2026',
      'From: bob@x.example',
      'Content-Type: multipart/mixed; boundary="=_b+b?"',
      '',
      'preamble',
      '--=_b+b?  ',
      '',
      'no header here\x80\xff',
      '--=_b+b?',
      ...part('text/plain; charset=nonsense', 'base64', 'Zm9v\r\n  YmFy=='),
      '--=_b+b?',
      ...part('image/png', 'base64', Buffer.from([137, 80, 78, 71, 0, 1, 2, 3]).toString('base64')),
      '--=_b+b?--',
      'epilogue\n',
    ]
    const whole = bytes(odd)
    expect(rewriteWithin(['mime'], whole, edits)).toBe(whole)
    const named = bytes([...odd.slice(0, -1), 'Ann Lee wrote\n'])
    expect(redacted(named).toString('latin1')).toBe(named.toString('latin1').replace('Ann Lee', '[erased]'))
  })

  it('reads messages in messages, and parts without an end', () => {
    const inner = [
      'Subject: =?utf-8?Q?S=C3=B8ren?=',
      ...part('text/plain; charset=utf-8', 'quoted-printable', 'ann=40x.example'),
    ]
    const outer = [
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: message/rfc822',
      '',
      'Content-Type: multipart/alternative; boundary=bb',
      '',
      '--bb',
      ...inner,
      '--bb--',
      '--b',
      '',
      'Ann Lee',
    ]
    expect(lines(outer, '\n')).toEqual(
      outer
        .join('\n')
        .replace('=?utf-8?Q?S=C3=B8ren?=', '=?utf-8?Q?=5Berased=5D?=')
        .replace('ann=40x.example', '[erased]')
        .replace('Ann Lee', '[erased]')
        .split('\n'),
    )
  })

  it.each([
    ['a text in a picture', part('image/jpeg', 'base64', Buffer.from('\0\xff Ann Lee').toString('base64'))],
    [
      'a part that should be base64 and is not',
      part('text/plain', 'base64', `${Buffer.from('Ann Lee').toString('base64')}\r\n____ footer!`),
    ],
    ['no header', ['Ann Lee', '']],
    [
      'too many messages in messages',
      [...Array.from({ length: 60 }, () => 'Content-Type: message/rfc822\r\n'), 'Ann Lee'],
    ],
  ])('is not touched where there is %s', (_, source) => {
    expect(() => redacted(bytes(source))).toThrow(Unreadable)
  })
})

const compose = (mail: ConstructorParameters<typeof MailComposer>[0]) =>
  new Promise<Buffer>((resolve, reject) =>
    new MailComposer(mail).compile().build((error, message) => (error ? reject(error) : resolve(message))),
  )
const facts = (mail: ParsedMail) => ({
  subject: mail.subject,
  from: mail.from?.value,
  text: mail.text,
  html: mail.html,
  attachments: mail.attachments.map((one) => [one.filename, one.contentType, one.content.toString('base64')]),
})

describe('any mail that is sent', () => {
  const words = fc
    .array(
      fc.oneof(
        fc.constantFrom('Søren', 'x', 'Ünï', '😀', '=', '?', 'a.b', '"', ','),
        fc.string({ unit: 'grapheme-composite', minLength: 1, maxLength: 8 }),
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((list) =>
      list
        .join(' ')
        .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>&]/gu, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((text) => text !== '' && text.isWellFormed())
  const after = (text: string) => text.replaceAll('Søren', '[erased]')

  it('reads the same to another program, with the texts changed; doing it twice is doing it once', async () => {
    await fc.assert(
      fc.asyncProperty(
        words,
        words,
        words,
        fc.constantFrom('quoted-printable', 'base64' as const),
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        async (subject, text, html, coding, file) => {
          const mail = (change: (inner: string) => string) => ({
            from: { name: 'Bob', address: 'bob@x.example' },
            to: 'desk@us.example',
            subject: change(subject),
            date: new Date('2026-11-22T10:00:00Z'),
            messageId: '<m1@us.example>',
            text: `${text}\n`.repeat(5),
            html: `<p>${html}</p>`,
            textEncoding: coding as 'base64' | 'quoted-printable',
            attachments: [
              { filename: 'note.bin', content: Buffer.from([0, ...file]), contentType: 'application/x-odd' },
            ],
          })
          const before = await compose(mail((inner) => inner))
          const changed = redacted(before)
          const wanted = facts(await simpleParser(before))
          expect(facts(await simpleParser(changed))).toEqual({
            ...wanted,
            subject: after(wanted.subject ?? ''),
            text: after(wanted.text ?? ''),
            html: after(wanted.html || ''),
          })
          expect(rewriteWithin(['mime'], changed, edits)).toBe(changed)
        },
      ),
      { numRuns: 60 },
    )
  })
})
