import { describe, expect, it } from 'vitest'
import { find } from '../../../src/engine/text/find.ts'
import { nameNeedles, needlesOf } from '../../../src/engine/text/needles.ts'
import { redact } from '../../../src/engine/text/redact.ts'
import { Unreadable } from '../../../src/engine/encodings/unreadable.ts'
import { serialize, unserialize } from '../../support/php.ts'

const policy = { country: 'NL' } as const
const hers = [
  ...needlesOf(
    [
      { kind: 'email', value: 'ann.lee@x.example' },
      { kind: 'phone', value: '+31612345678' },
      { kind: 'login', value: 'admin1234567' },
    ],
    policy,
  ),
  ...nameNeedles(['Ann Lee'], true),
]
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('a text of which the map does not say what it is packed in', () => {
  it('ends where a page holds what reads as a page of its own', () => {
    expect(redact('<p>Greetings, Ann Lee &lt;ann.lee&#64;x.example&gt;, desk@us.example</p>', hers)).toBe(
      '<p>Greetings, [erased] &lt;[erased]&gt;, desk@us.example</p>',
    )
  })

  it('is redacted inside where it is a raw mail', () => {
    const mail = (body: string, subject: string) =>
      `From: Bob <bob@x.example>\nSubject: ${subject}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${body}\n`
    expect(redact(mail(base64('Dear Ann, bye'), '=?utf-8?B?QW5uIExlZQ==?='), hers)).toBe(
      mail(base64('Dear [erased], bye'), '=?utf-8?B?W2VyYXNlZF0=?='),
    )
  })
  it('is redacted inside where it is one body of base64 or quoted-printable', () => {
    expect(redact(base64('Dear Ann, bye now'), hers)).toBe(base64('Dear [erased], bye now'))
    expect(redact('write to ann.l=\nee@x.example =E2=82=AC5, an=6E.lee=40x.example', hers)).toBe(
      'write to [erased]=\n =E2=82=AC5, [erased]',
    )
  })
  it('is redacted inside where PHP serialised it', () => {
    const text = serialize({ entries: [['é ann.lee@x.example', serialize({ entries: [['n', 'Ann Lee']] })]] })
    expect(unserialize(redact(text, hers))).toEqual({
      entries: [['é [erased]', serialize({ entries: [['n', '[erased]']] })]],
    })
  })
  it('is redacted inside where it is YAML with its mark', () => {
    expect(redact('---\nname: Ann Lee\nby: "ann.lee@x.example"\n', hers)).toBe(
      '---\nname: \'[erased]\'\nby: "[erased]"\n',
    )
  })
  it('is redacted inside where it is HTML: through its tags and entities', () => {
    expect(
      redact('<td>Ann&#32;<b>Lee</b></td><i data-x="ann.lee@x.example">a&#110;n.lee@x.example</i>', hers),
    ).toBe('<td>[erased]<b></b></td><i data-x="[erased]">[erased]</i>')
  })
  it('is redacted in JSON in HTML in JSON', () => {
    const packed = (text: string) =>
      JSON.stringify({ page: `<p>${text}</p>`, inner: JSON.stringify({ a: [text] }) })
    expect(redact(packed('Ann Lee'), hers)).toBe(packed('[erased]'))
  })

  it.each([
    ['admin1234567', '[erased]'],
    ['?id=AB12&who=admin1234567', '?id=AB12&who=[erased]'],
    ['a:2:{ Ann Lee', 'a:2:{ [erased]'],
    ['---\nAnn Lee called', '---\n[erased] called'],
    [
      'From: Ann Lee\nTo: bob\n\nContent-Type: is a word',
      'From: [erased]\nTo: bob\n\nContent-Type: is a word',
    ],
    ['1 < 2 & Ann Lee', '1 < 2 & [erased]'],
    ['[see] Ann Lee', '[see] [erased]'],
    ['AnnLeeBase64Looks==', 'AnnLeeBase64Looks=='],
  ])('is plain text where it only looks like something: %s', (text, wanted) => {
    expect(redact(text, hers)).toBe(wanted)
  })

  it('stays, and says so, where taking her out would break it', () => {
    const text = serialize({ of: 'App\\Odd', custom: '7|Ann Lee' })
    expect(() => redact(text, hers)).toThrow(Unreadable)
  })
})

/** The limit is the test's own: none of these may take longer than reading them a few times over. */
describe('a hostile text of 300,000 characters that looks like something packed is read in linear time', () => {
  const long = 300_000
  it.each([
    ['entities in entities', `&${'amp;'.repeat(long / 4)}`],
    ['tags that never end', '<a '.repeat(long / 3)],
    ['tags opened and opened', '<'.repeat(long)],
    ['quotes in a tag', `<a b="${'c="'.repeat(long / 3)}`],
    ['comments that never end', '<!--'.repeat(long / 4)],
    ['blanks in a tag', `<a${' '.repeat(long)}`],
    ['scripts', '<script>'.repeat(long / 8)],
    ['header lines', `${'a:b\n'.repeat(long / 4)}mime-version: 1.0\n\n`],
    ['one long header', `subject: x\nmime-version: 1.0\ncontent-type: ${'a'.repeat(long)}\n\n`],
    ['encoded words', `mime-version: 1.0\nsubject: ${'=?a?q?b'.repeat(long / 7)}\n\n`],
    ['folds', `mime-version: 1.0\nsubject: a${'\n b'.repeat(long / 3)}\n\n`],
    [
      'boundaries',
      `mime-version: 1.0\ncontent-type: multipart/mixed; boundary=b\n\n${'--b\n'.repeat(long / 4)}`,
    ],
    ['equal signs and blanks', `= ${' '.repeat(long)}=\n`],
    ['soft breaks', '=\n'.repeat(long / 2)],
    ['escapes', '=41'.repeat(long / 3)],
    ['base64 and line ends', `AAAA${'\n'.repeat(long)}!`],
    ['base64 of nothing she wrote', 'QUFB'.repeat(long / 4)],
    ['serialised brackets', 'a:1:{i:0;'.repeat(long / 9)],
    ['JSON brackets', '['.repeat(long)],
    ['JSON backslashes', `["${'\\\\'.repeat(long / 2)}"]`],
    ['JSON quotes', `["${'\\"'.repeat(long / 2)}"]`],
    ['her name in tags', '<b>Ann</b> '.repeat(long / 11)],
  ])('%s', (_, text) => {
    const clean = redact(text, hers)
    expect(find(clean, hers)).toEqual([])
    expect(redact(clean, hers)).toBe(clean)
  })
})
