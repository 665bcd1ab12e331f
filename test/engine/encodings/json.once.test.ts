import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Rewrite, rewriteWithin, unpack } from '../../../src/engine/encodings/rewrite.ts'
import { Unreadable } from '../../../src/engine/encodings/unreadable.ts'

const ann = (text: string) => text.replaceAll(/ann@x\.example|31612345678/g, '[erased]')
const redacted = (text: string) => rewriteWithin(['json'], text, ann)

describe('a JSON value', () => {
  it('keeps order, blanks, escapes and every digit of what does not change', () => {
    expect(
      redacted(
        '{"z": 12345678901234567890,\n\t"a": [1.10, -0, 1E400, "\\u0061\\/"], "ann@x.example": "\\u00e9 \\"ann@x.example\\" \\ud83d", "t": 31612345678}',
      ),
    ).toBe(
      '{"z": 12345678901234567890,\n\t"a": [1.10, -0, 1E400, "\\u0061\\/"], "[erased]": "\\u00e9 \\"[erased]\\" \\ud83d", "t": "[erased]"}',
    )
  })

  it('keeps every entry when two keys become the same, and when one is there already', () => {
    expect(redacted('{"ann@x.example":1,"31612345678":2,"[erased]":3,"in":{"ann@x.example":4}}')).toBe(
      '{"[erased] 2":1,"[erased] 3":2,"[erased]":3,"in":{"[erased]":4}}',
    )
  })

  it('is found in however its escapes are written', () => {
    expect(redacted('["\\u0061nn\\u0040x.example", "ann@x\\u002eexample\\n"]')).toBe(
      '["[erased]", "[erased]\\n"]',
    )
  })

  it('is the very same value where nothing changes', () => {
    const bytes = Buffer.from('{"a": "\\u00e9"}')
    expect(rewriteWithin(['json'], bytes, ann)).toBe(bytes)
  })

  it('says where each text stands', () => {
    const seen: string[] = []
    const note: Rewrite = (text, { path, role }) => {
      seen.push(`${role} ${path.join('.')} ${text}`)
      return []
    }
    rewriteWithin(['json'], '{"a":[{"b":"x"},7,[true,"y"]],"c":null,"":"z"}', note)
    expect(seen).toEqual([
      'key a a',
      'key a.0.b b',
      'value a.0.b x',
      'number a.1 7',
      'value a.2.1 y',
      'key c c',
      'key  ',
      'value  z',
    ])
  })

  it.each(['{"a":"ann@x.example"', 'ann@x.example', "{'a':1}", '{"a":1}{', '[01]', '"\n"', '\ud83d'])(
    'is not touched where it is none: %s',
    (text) => expect(() => redacted(text)).toThrow(Unreadable),
  )

  it('a hundred thousand levels deep is read', () => {
    const deep = 100_000
    const text = `${'['.repeat(deep)}"ann@x.example"${']'.repeat(deep)}`
    expect(redacted(text)).toBe(text.replace('ann@x.example', '[erased]'))
  })

  it('keeps half characters, which a reader may have written', () => {
    expect(redacted('["\ud83d ann@x.example"]')).toBe('["\ud83d [erased]"]')
  })
})

function model(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one) => model(one, change))
  if (typeof value !== 'object' || value === null) return value
  const out = Object.create(null) as Record<string, unknown>
  for (const [key, one] of Object.entries(value)) out[change(key)] = model(one, change)
  return out
}
const size = (value: unknown): number =>
  typeof value !== 'object' || value === null
    ? 1
    : Object.values(value).reduce((sum: number, one) => sum + size(one), 1)

describe('any JSON value', () => {
  const text = fc
    .array(
      fc.oneof(
        fc.constantFrom('ann', '"', '\\', '\n', '😀', '\u2028'),
        fc.string({ unit: 'binary', maxLength: 4 }),
      ),
      { maxLength: 4 },
    )
    .map((parts) => parts.join(''))
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.constantFrom(null, true, 1.5, -7),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(text, tie('value'), { maxKeys: 4 }),
    ),
  })).value

  it('is the same value with the texts changed, however it is written, and twice is once', () => {
    fc.assert(
      fc.property(value, text, fc.constantFrom('', ' ', '\t'), (one, with_, indent) => {
        fc.pre(!with_.includes('ann'))
        const change: Rewrite = (inner, { role }) =>
          role === 'number' ? inner : inner.replaceAll('ann', with_)
        const wanted = model(one, (inner) => inner.replaceAll('ann', with_))
        const after = rewriteWithin(['json'], JSON.stringify(one, null, indent), change) as string
        const read = JSON.parse(after) as unknown
        // Keys that became the same are told apart by a number: nothing is lost.
        expect(size(read)).toBe(size(one))
        fc.pre(size(wanted) === size(one))
        expect(read).toEqual(wanted)
        fc.pre(!unpack(['json'], after).some((inner) => inner.includes('ann')))
        expect(rewriteWithin(['json'], after, change)).toBe(after)
      }),
      { numRuns: 400 },
    )
  })
})
