import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openBook } from '../../../src/engine/text/many/book.ts'
import { searchValues } from '../../../src/engine/text/many/search.ts'

const ann = 'ann.lee@x.example'
const phone = '+31612345678'
const jurgen = 'jürgen@müller.example'
const persons = [
  [{ kind: 'email', value: ann }],
  [{ kind: 'phone', value: phone }],
  [{ kind: 'email', value: jurgen }],
]
const book = openBook(persons, { country: 'NL' })

/** `0 base64 › gzip`: whose, and by which way. */
async function search(value: string | Uint8Array): Promise<{ hits: string[]; unread: string[] }> {
  const hits: string[] = []
  const unread = new Set<string>()
  await searchValues(book, [value], {
    hit: (_, entry, path) => hits.push(`${entry.persons.join()} ${path.join(' › ')}`.trim()),
    unread: (__, why) => unread.add(why),
  })
  return { hits, unread: [...unread] }
}

const b64 = (value: string | Uint8Array) => Buffer.from(value).toString('base64')
const wrapped = (text: string, width: number, by = '\r\n') =>
  (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(by)
const hexOf = (text: string, sign: string) =>
  [...Buffer.from(text)].map((b) => `${sign}${b.toString(16).padStart(2, '0')}`).join('')
const utf16 = (text: string, big = false) =>
  big ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, 'utf16le')
/** The address lies across the border of two lines of base64, 57 bytes each, or 45. */
const letter = (at: number) =>
  `${'Dear all, please write about the printer now to  '.repeat(2).slice(-at)} ${ann} about the printer; it is urgent.\r\n`
const json = JSON.stringify({ id: 12, from: { address: ann, name: 'Ann' }, n: 3.0 })

describe('an address is found', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['in percent signs', `https://x.example/?q=${hexOf(ann, '%')}`, 'percent'],
    ['in percent signs twice', `?q=${encodeURIComponent(encodeURIComponent(ann))}`, 'percent'],
    [
      'in entities',
      Array.from(ann)
        .map((c) => `&#${c.charCodeAt(0)};`)
        .join(''),
      'html',
    ],
    ['in named entities', 'ann&period;lee&commat;x&period;example', 'html'],
    ['in entities of entities', 'ann.lee&amp;#64;x.example', 'html'],
    ['in quoted-printable with a soft line end', 'To: ann.l=\r\nee=40x.exam=\r\nple', 'quoted-printable'],
    ['in quoted-printable throughout', hexOf(ann, '=').toUpperCase(), 'quoted-printable'],
    ['in base64', `token=${b64(ann)}&x`, 'base64'],
    ['in base64 of an address alone in a path', `/unsubscribe/${b64(ann).replace(/=+$/, '')}/now`, 'base64'],
    [
      'in base64 wrapped as in a mail',
      `Content-Transfer-Encoding: base64\r\n\r\n${wrapped(b64(letter(48)), 76)}\r\n--x--`,
      'base64',
    ],
    ['in base64 wrapped and inset', `key: !binary |\n  ${wrapped(b64(letter(35)), 60, '\n  ')}\n`, 'base64'],
    ['in base64 of the URL kind', Buffer.from(`>>>???${ann}~~~`).toString('base64url'), 'base64'],
    [
      'in base64 within JSON with its line ends',
      JSON.stringify({ body: wrapped(b64(letter(48)), 76) }),
      'escapes › base64',
    ],
    ['in a JWT', `${b64('{"alg":"none"}')}.${Buffer.from(json).toString('base64url')}.`, 'base64'],
    ['in an encoded word', `From: =?UTF-8?B?${b64(`Ann <${ann}>`)}?=`, 'base64'],
    ['in an encoded word of the other kind', 'From: =?iso-8859-1?Q?=61nn.lee=40x.example?=', 'header words'],
    [
      'in encoded words folded over lines',
      `From: =?utf-8?B?${b64('Ann <ann.l')}?=\r\n =?utf-8?B?${b64('ee@x.example>')}?=`,
      'header words',
    ],
    [
      'in \\u escapes of all its letters',
      `{"m":"${Array.from(ann)
        .map((c) => `\\u00${c.charCodeAt(0).toString(16)}`)
        .join('')}"}`,
      'escapes',
    ],
    [
      'in JSON in JSON',
      JSON.stringify(JSON.stringify({ m: 'ann.lee\u0040x.example' })).replace('@', '\\\\u0040'),
      'escapes',
    ],
    ['in \\x escapes', hexOf(ann, '\\x'), 'escapes'],
    ['in zlib', deflateSync(letter(9)), 'zlib'],
    ['in gzip', gzipSync(json), 'gzip'],
    ['in raw deflate', deflateRawSync(letter(9)), 'deflate'],
    ['in zstd', zstdCompressSync(json), 'zstd'],
    ['in MySQL’s COMPRESS()', Buffer.concat([Buffer.from([200, 0, 0, 0]), deflateSync(letter(9))]), 'zlib'],
    ['in base64 of gzip of JSON', b64(gzipSync(json)), 'base64 › gzip'],
    ['in base64 of zlib among words', `x ${b64(deflateSync(json))} y`, 'base64 › zlib'],
    ['in gzip of gzip of base64', gzipSync(gzipSync(`v=${b64(ann)};`)), 'gzip › gzip › base64'],
    ['in hexadecimal', `\\x${Buffer.from(ann).toString('hex')}`, 'hex'],
    ['in hexadecimal capitals after 0x', `0x${Buffer.from(ann).toString('hex').toUpperCase()}`, 'hex'],
    ['in hexadecimal of zlib', Buffer.from(deflateSync(json)).toString('hex'), 'hex › zlib'],
    ['in PHP serialize', `a:1:{s:4:"mail";s:17:"${ann}";}`, ''],
    ['in PHP serialize in base64', b64(`O:4:"User":1:{s:7:"\0*\0mail";s:17:"${ann}";}`), 'base64'],
    ['in UTF-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(`to ${ann}`)]), 'utf-16'],
    [
      'in big UTF-16 with a mark',
      Buffer.concat([Buffer.from([0xfe, 0xff]), utf16(`to ${ann}`, true)]),
      'utf-16',
    ],
    ['in UTF-16 without', utf16(`to ${ann} now`), 'utf-16'],
    ['in big UTF-16 without', utf16(`to ${ann} now`, true), 'utf-16'],
    [
      'in UTF-16 inside a picture',
      Buffer.concat([
        Buffer.from('ffd8ffe000104a464946000101', 'hex'),
        randomBytes(99),
        Buffer.from([0, 0x9c]),
        utf16(ann),
        Buffer.alloc(4),
        randomBytes(99),
      ]),
      'utf-16',
    ],
    [
      'in a sound’s INFO chunk',
      Buffer.concat([
        Buffer.from('RIFF....WAVELIST....INFOIART'),
        Buffer.from([17, 0, 0, 0]),
        Buffer.from(ann),
        Buffer.alloc(1),
        Buffer.from('data'),
        randomBytes(400),
      ]),
      '',
    ],
    [
      'in bytes that are no text',
      Buffer.concat([
        randomBytes(64),
        Buffer.from([0xff]),
        Buffer.from(ann),
        Buffer.from([0xfe]),
        randomBytes(64),
      ]),
      '',
    ],
    [
      'in a mail with a letter of Latin-1',
      Buffer.concat([Buffer.from('Gr\xfc\xdfe\r\n', 'latin1'), Buffer.from(wrapped(b64(letter(48)), 76))]),
      'base64',
    ],
  ])('%s', async (_, value, path) => {
    const { hits } = await search(value)
    expect(hits.map((hit) => hit.slice(0, 1))).toEqual(['0'])
    expect(hits[0]?.slice(2) ?? '').toBe(path)
  })

  it.each(['md5', 'sha1', 'sha256'])(
    'by its %s in hexadecimal of either case, in base64 and as bytes',
    async (name) => {
      const digest = createHash(name).update(ann).digest()
      for (const text of [
        `https://avatar.example/${digest.toString('hex')}?s=80`,
        `avatar-${digest.toString('hex').toUpperCase()}.png`,
        `h=${digest.toString('base64')};`,
        digest.toString('base64url'),
      ])
        expect(await search(text), text).toEqual({ hits: [`0 ${name}`], unread: [] })
      expect((await search(digest)).hits).toEqual([`0 ${name}`])
      expect((await search(`0${digest.toString('hex')}`)).hits).toEqual([])
      expect((await search(`${digest.toString('hex').slice(1)}0`)).hits).toEqual([])
    },
  )

  it('with its letters beyond ASCII, in every charset a mail may have', async () => {
    expect((await search(`=?iso-8859-1?Q?j=FCrgen=40m=FCller.example?=`)).hits).toEqual(['2 header words'])
    expect((await search(b64(jurgen))).hits).toEqual(['2 base64'])
    expect((await search('j=C3=BCrgen=40m=C3=BC=\nller.example')).hits).toEqual(['2 quoted-printable'])
    expect((await search(utf16(jurgen))).hits).toEqual(['2 utf-16'])
  })
})

describe('a number is found', () => {
  it.each<[string, string]>([
    ['mobile=06+12345678&x=1', 'form'],
    ['06%2012%2034%2056%2078', 'percent'],
    ['06&#32;12345678', 'html'],
    [b64('0612345678'), 'base64'],
    [`"06\\u00a012345678"`, 'escapes'],
    ['i:31612345678;', ''],
  ])('%s', async (text, path) => expect((await search(text)).hits).toEqual([`1 ${path}`.trim()]))
})

describe('nothing is found', () => {
  it.each<[string, string | Uint8Array]>([
    ['in a longer number that looks like an escape', 'x=20612345678'],
    ['in digits of hexadecimal', Buffer.from('9906123456789').toString('hex')],
    ['in another’s address in base64', b64(`jo${ann}`)],
    ['in base64 with a sign too many', `${b64(`123 ${ann}`)}A`],
    ['in base64 read from its second sign', `A${b64(`some words ${ann}`)}`],
    ['in another’s address with an escaped letter', '%78ann.lee@x.example'],
    ['across two fields of a form', 'bob+ann.lee@x.example'],
    ['in another’s hash', createHash('md5').update('bob@x.example').digest('hex')],
    ['across values', 'ann.lee@x.exampl\u0001e'],
  ])('%s', async (_, value) => expect((await search(value)).hits).toEqual([]))

  it('in chance', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), async (bytes) => {
        expect((await search(bytes)).hits).toEqual([])
        expect((await search(Buffer.from(bytes).toString('base64'))).hits).toEqual([])
      }),
      { numRuns: 100 },
    )
  })
})

describe('what is not read is said', () => {
  it('of a gigabyte of zeros in a megabyte, with what stands before the limit found', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from(`${ann} `), Buffer.alloc(200 * 2 ** 20, 0x20)]))
    const { hits, unread } = await search(bomb)
    expect(hits).toEqual(['0 gzip'])
    expect(unread).toContain('unpacks to too much')
  })
  it('of layers without end', async () => {
    let value: Buffer = Buffer.from(ann)
    for (let i = 0; i < 12; i++) value = gzipSync(value)
    expect(await search(value)).toEqual({ hits: [], unread: ['packed too deep'] })
  })
  it('of what is encrypted', async () => {
    const cipher = createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16))
    const sealed = cipher.update('x'.repeat(4000))
    expect((await search(sealed)).unread).toEqual(['packed in an unknown way'])
    expect((await search(Buffer.concat([Buffer.from('Salted__'), sealed]))).unread).toEqual(['encrypted'])
  })
  it('and of a picture or a text nothing is said', async () => {
    expect((await search(Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), randomBytes(4000)]))).unread).toEqual(
      [],
    )
    expect((await search(Buffer.from('Grüße, das ist ein Text. '.repeat(300), 'latin1'))).unread).toEqual([])
  })
})

describe('a hostile megabyte is read in the time of a plain one', () => {
  const long = 2 ** 20
  it.each([
    '=',
    '%',
    'A',
    '&',
    '\\',
    '=?',
    '@',
    '0',
    '%41',
    '&#',
    '=\n',
    '\\u',
    '+1',
    'YQ',
    '=?a?b?',
    'ann.lee@',
    'x%',
    '\0a',
    '&amp;',
    '1 ',
    'PK\x03\x04',
    '\x1f\x8b\x08',
    'x\x9c',
    '9',
  ])(
    '%j',
    async (sign) => {
      const text = sign.repeat(long / sign.length)
      for (const value of [text, Buffer.from(text, 'latin1')])
        expect((await search(value)).hits, sign).toEqual([])
    },
    10_000,
  )
})
