import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, stringify, YAMLParseError } from 'yaml'
import { rewriteWithin } from '../../../src/engine/encodings/rewrite.ts'
import { Unreadable } from '../../../src/engine/encodings/unreadable.ts'

const ann = (text: string) => text.replaceAll(/ann@x\.example|31612345678/g, '[erased]')
const redacted = (text: string) => rewriteWithin(['yaml'], text, ann)

describe('a YAML value', () => {
  it('as Rails writes it keeps tags, symbols, anchors, comments, order and digits', () => {
    expect(
      redacted(`--- !ruby/hash:ActiveSupport::HashWithIndifferentAccess
# who
name: &who ann@x.example # the customer
:to: *who
ann@x.example: yes
'quoted': 'it''s ann@x.example'
"double": "ann@x.example\\n\\u00e9"
big: 12345678901234567890
price: 1.10
tel: 31612345678
flow: [ann@x.example, {a: 31612345678}]
user: !ruby/object:User
  attributes: !ruby/object:ActiveModel::AttributeSet {}
`),
    ).toBe(`--- !ruby/hash:ActiveSupport::HashWithIndifferentAccess
# who
name: &who '[erased]' # the customer
:to: *who
'[erased]': yes
'quoted': 'it''s [erased]'
"double": "[erased]\\né"
big: 12345678901234567890
price: 1.10
tel: '[erased]'
flow: ['[erased]', {a: '[erased]'}]
user: !ruby/object:User
  attributes: !ruby/object:ActiveModel::AttributeSet {}
`)
  })

  it('keeps a block of lines as one, with its blank lines', () => {
    expect(redacted('body: |+\n  Hi,\n\n    ann@x.example\n  bye\n\n\nnext: 1\n')).toBe(
      'body: |+\n  Hi,\n\n    [erased]\n  bye\n\n\nnext: 1\n',
    )
  })

  it('reads what Ruby wrote as base64', () => {
    const packed = (text: string) => Buffer.from(text, 'latin1').toString('base64')
    expect(redacted(`raw: !binary |-\n  ${packed('Zo\xeb ann@x.example')}\n`)).toBe(
      `raw: !binary |-\n  ${packed('Zo\xeb [erased]')}\n`,
    )
  })

  it('keeps both entries when two keys become the same', () => {
    expect(parse(redacted('ann@x.example: 1\n31612345678: 2\n') as string)).toEqual({
      '[erased]': 1,
      '[erased] 2': 2,
    })
  })

  it.each(['a: [ann@x.example', 'a: "ann@x.example', '\tann@x.example: 1', 'a: b: ann@x.example'])(
    'is not touched where it is none: %s',
    (text) => expect(() => redacted(text)).toThrow(Unreadable),
  )

  it('twenty thousand levels deep is refused or read, and never ends the process', () => {
    expect(() => redacted('['.repeat(20_000))).toThrow(Unreadable)
  })

  it('with ten thousand keys is read in a second or so', () => {
    const lines = Array.from({ length: 10_000 }, (_, n) => `k${n}: value ${n}\n`).join('')
    expect(redacted(`${lines}last: ann@x.example\n`)).toBe(`${lines}last: '[erased]'\n`)
  })
})

describe('any YAML value', () => {
  const text = fc
    .array(
      fc.oneof(
        fc.constantFrom('ann', "'", ': ', '# ', '\n', '- ', ' ', 'Zoë', '"'),
        fc.string({ maxLength: 4 }),
      ),
      { maxLength: 5 },
    )
    .map((parts) => parts.join(''))
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.constantFrom(null, true, 1.5, -7),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        text.map((one) => `k${one.replaceAll('ann', '')}`),
        tie('value'),
        { maxKeys: 3 },
      ),
    ),
  })).value
  function model(one: unknown, change: (inner: string) => string): unknown {
    if (typeof one === 'string') return change(one)
    if (Array.isArray(one)) return one.map((inner) => model(inner, change))
    if (typeof one !== 'object' || one === null) return one
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, model(inner, change)]))
  }

  function tried<T>(work: () => T): T | undefined {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof Unreadable || error instanceof YAMLParseError)) throw error
      return undefined
    }
  }

  it('says the same with the texts changed, in every style, or is refused; twice is once', () => {
    let refused = 0
    fc.assert(
      fc.property(
        value,
        text,
        fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
        fc.constantFrom('block', 'flow', 'any'),
        (one, with_, style, collectionStyle) => {
          fc.pre(!with_.includes('ann'))
          const source = stringify(one, {
            defaultStringType: style,
            defaultKeyType: 'PLAIN',
            collectionStyle,
          })
          // What writes it does not always write what it can read.
          const [before] = tried(() => [parse(source) as unknown]) ?? []
          fc.pre(before !== undefined)
          const change = (inner: string) => inner.replaceAll('ann', with_)
          const after = tried(() =>
            rewriteWithin(['yaml'], source, (inner, { role }) => (role === 'number' ? inner : change(inner))),
          )
          if (after === undefined) refused++
          fc.pre(after !== undefined)
          expect(parse(after as string)).toEqual(model(before, change))
          fc.pre(!(after as string).includes('ann'))
          expect(rewriteWithin(['yaml'], after as string, change)).toBe(after)
        },
      ),
      { numRuns: 400 },
    )
    expect(refused).toBeLessThan(20)
  })
})
