import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Encoding } from '../../../src/datamap/model.ts'
import { rewriteWithin, unpack } from '../../../src/engine/encodings/rewrite.ts'
import { Unreadable } from '../../../src/engine/encodings/unreadable.ts'

const ann = (text: string) => text.replaceAll('ann@x.example', '[erased]')
/** As edits, the way a redaction says it: what stands between two of them is not written anew. */
const edits = (text: string) =>
  [...text.matchAll(/ann@x\.example/g)].map(({ index }) => ({
    start: index,
    end: index + 13,
    with: '[erased]',
  }))
const base64 = (text: string) => Buffer.from(text).toString('base64')
const within = (encodings: Encoding[], value: string | Uint8Array) => rewriteWithin(encodings, value, ann)

describe('base64', () => {
  const long = 'Hello, this is a letter to ann@x.example about things that take a while to tell.'
  const lines = (text: string, length: number, end: string) =>
    (base64(text).match(new RegExp(`.{1,${length}}`, 'g')) ?? []).join(end)
  it.each([
    ['in lines of 76', lines(long, 76, '\r\n'), lines(ann(long), 76, '\r\n')],
    ['in lines of 60 with an end', `${lines(long, 60, '\n')}\n`, `${lines(ann(long), 60, '\n')}\n`],
    ['in one line', base64(long), base64(ann(long))],
    ['without padding', base64('ann@x.example').replaceAll('=', ''), base64('[erased]').replaceAll('=', '')],
    [
      'of URLs',
      base64('?>~ ann@x.example').replaceAll('+', '-').replaceAll('/', '_'),
      base64('?>~ [erased]').replaceAll('+', '-').replaceAll('/', '_'),
    ],
  ])('%s stays so', (_, before, after) => expect(within(['base64'], before)).toBe(after))
  it.each(['ann@x.example', 'YW5uQHguZXhhbXBsZ', 'YW5uQHguZXhhbXBsZQ=', base64('\0\x01\x02 ann@x.example')])(
    'is not touched where it is none, or holds no text: %s',
    (text) => expect(() => within(['base64'], text)).toThrow(Unreadable),
  )
})

describe('compressed JSON in a column of bytes', () => {
  const payload = JSON.stringify({ lead: { email: 'ann@x.example', points: '12345678901234567890' } })
  it('of zlib is compressed again, at its level', () => {
    const after = within(['zlib', 'json'], deflateSync(payload, { level: 9 })) as Uint8Array
    expect(inflateSync(after).toString()).toBe(ann(payload))
    expect(after[1]).toBe(0xda)
  })
  it('of gzip is compressed again, without the name of a file', () => {
    const named = gzipSync(payload)
    named[3] = 8
    const file = Buffer.concat([named.subarray(0, 10), Buffer.from('ann.json\0'), named.subarray(10)])
    const after = within(['gzip', 'json'], file) as Uint8Array
    expect(gunzipSync(after).toString()).toBe(ann(payload))
    expect(Buffer.from(after).includes('ann.json')).toBe(false)
  })
  it('of MySQL’s COMPRESS() keeps its length in front', () => {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(payload.length)
    const after = Buffer.from(
      within(['zlib', 'json'], Buffer.concat([length, deflateSync(payload)])) as Uint8Array,
    )
    expect(after.readUInt32LE()).toBe(ann(payload).length)
    expect(inflateSync(after.subarray(4)).toString()).toBe(ann(payload))
  })
  it('is the very same bytes where nothing changes', () => {
    const bytes = deflateSync('{"a":"bob@x.example"}')
    expect(within(['zlib', 'json'], bytes)).toBe(bytes)
  })
  it.each([
    ['a bomb', gzipSync(Buffer.alloc(200 * 2 ** 20)), ['gzip', 'json']],
    ['a stream cut off', deflateSync(payload).subarray(0, 20), ['zlib', 'json']],
    ['bytes behind the stream', Buffer.concat([deflateSync(payload), Buffer.from('x')]), ['zlib', 'json']],
    ['no stream', Buffer.from(payload), ['zlib', 'json']],
    ['no JSON inside', deflateSync('ann@x.example'), ['zlib', 'json']],
  ] as [string, Buffer, Encoding[]][])('is not touched where it is %s', (_, bytes, encodings) => {
    expect(() => within(encodings, bytes)).toThrow(Unreadable)
  })
})

describe('packed in packed', () => {
  it('PHP in base64, JSON in JSON, HTML in JSON, PHP in JSON', () => {
    expect(within(['base64', 'php'], base64('s:13:"ann@x.example";'))).toBe(base64('s:8:"[erased]";'))
    expect(within(['json', 'json'], JSON.stringify({ a: '{"b":"ann@x.example"}', n: 1 }))).toBe(
      JSON.stringify({ a: '{"b":"[erased]"}', n: 1 }),
    )
    expect(within(['json', 'html'], '["<b>ann</b>&#64;x.example"]')).toBe('["<b>[erased]</b>"]')
    expect(within(['json', 'php'], '["s:13:\\"ann@x.example\\";",""]')).toBe('["s:8:\\"[erased]\\";",""]')
  })
  it('NULL and nothing stay', () => {
    expect(rewriteWithin(['php'], null, ann)).toBe(null)
    expect(within(['zlib', 'json'], '')).toBe('')
    expect(within(['mime'], new Uint8Array())).toEqual(new Uint8Array())
  })
  it('any chain comes out as it went in but for the text', () => {
    const pack: Record<string, (bytes: Buffer) => Buffer> = {
      base64: (bytes) => Buffer.from(bytes.toString('base64')),
      zlib: (bytes) => deflateSync(bytes),
      gzip: (bytes) => gzipSync(bytes),
    }
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('base64', 'zlib', 'gzip'), { maxLength: 4 }),
        fc.string({ unit: 'grapheme-composite' }),
        (outer, text) => {
          const wrap = (inner: string) =>
            [...outer]
              .reverse()
              .reduce<Buffer>(
                (bytes, one) => pack[one]?.(bytes) ?? bytes,
                Buffer.from(JSON.stringify([inner])),
              )
          const chain = [...outer, 'json'] as Encoding[]
          const after = within(chain, wrap(`${text}ann@x.example`)) as Uint8Array
          expect(unpack(chain, after)).toEqual([ann(`${text}ann@x.example`)])
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('HTML', () => {
  it('keeps its tags, attributes and entities, and finds through tags and entities', () => {
    expect(
      rewriteWithin(
        ['html'],
        '<P CLASS=x title="ann&#64;x.example">caf&eacute; <b>ann</b>@<wbr>x.exam<i>ple</i>&nbsp;&amp; ann&commat;x&period;example<br>ann<p>@x.example</p><!-- ann@x.example --><a href=mailto:ann@x.example>&lt;ann@x.example&gt;</a>',
        edits,
      ),
    ).toBe(
      '<P CLASS=x title="[erased]">caf&eacute; <b>[erased]</b><wbr><i></i>&nbsp;&amp; [erased]<br>ann<p>@x.example</p><!-- [erased] --><a href=mailto:[erased]>&lt;[erased]&gt;</a>',
    )
  })
  it('gets nothing put in that would be a tag, or end one', () => {
    const change = (text: string) => text.replace('ann', `<b> "'&`)
    expect(rewriteWithin(['html'], '<a title=ann x="ann" y=\'ann\'>ann</a>', change)).toBe(
      '<a title=&#60;b&#62; &#34;&#39;&#38; x="&#60;b&#62; &#34;&#39;&#38;" y=\'&#60;b&#62; &#34;&#39;&#38;\'>&#60;b&#62; &#34;&#39;&#38;</a>',
    )
  })
})

describe('a percent-encoded value', () => {
  it('keeps how everything else is written', () => {
    expect(within(['url'], 'https://X/%7ea?q=%C3%A9+a&e=ann%40x.example&e=ANN#%zz')).toBe(
      'https://X/%7ea?q=%C3%A9+a&e=%5Berased%5D&e=ANN#%zz',
    )
  })
  it('reads a blank as a form writes it', () => {
    expect(rewriteWithin(['url'], 'name=Ann+Lee&x=1', (text) => text.replace('Ann Lee', 'é'))).toBe(
      'name=%C3%A9&x=1',
    )
  })
})
