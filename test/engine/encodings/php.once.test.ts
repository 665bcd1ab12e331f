import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rewriteWithin, unpack } from '../../../src/engine/encodings/rewrite.ts'
import { Unreadable } from '../../../src/engine/encodings/unreadable.ts'
import { type Php, serialize, unserialize } from '../../support/php.ts'

const ann = (text: string) => text.replaceAll('ann@x.example', '[erased]')
const redacted = (text: string) => rewriteWithin(['php'], text, ann)

describe('a value that PHP serialised', () => {
  it('keeps its byte lengths right, also behind signs of two, three and four bytes', () => {
    const text = serialize({
      entries: [
        ['naïve', '😀 ann@x.example – Zoë'],
        [{ int: '7' }, { float: '1.10' }],
      ],
    })
    expect(redacted(text)).toBe(
      serialize({
        entries: [
          ['naïve', '😀 [erased] – Zoë'],
          [{ int: '7' }, { float: '1.10' }],
        ],
      }),
    )
  })

  it('keeps the NULs before private and protected names, references, and the names of classes', () => {
    const user: Php = {
      of: 'App\\Ann',
      entries: [
        ['\0App\\Ann\0ann@x.example', 'ann@x.example'],
        ['\0*\0mail', { same: 'R:2' }],
        ['open', { same: 'r:1' }],
      ],
    }
    expect(unserialize(redacted(serialize(user)) as string)).toEqual({
      of: 'App\\Ann',
      entries: [
        ['\0App\\Ann\0[erased]', '[erased]'],
        ['\0*\0mail', { same: 'R:2' }],
        ['open', { same: 'r:1' }],
      ],
    })
  })

  it('keeps both entries when two keys become the same', () => {
    const keys = (text: string) => text.replace(/^(ann@x.example|31612345678)$/, '[erased]')
    const text = serialize({
      entries: [
        ['ann@x.example', '1'],
        [{ int: '31612345678' }, '2'],
        ['[erased]', '3'],
      ],
    })
    expect(unserialize(rewriteWithin(['php'], text, keys) as string)).toEqual({
      entries: [
        ['[erased] 2', '1'],
        ['[erased] 3', '2'],
        ['[erased]', '3'],
      ],
    })
  })

  it('makes a string of a number that changes', () => {
    const change = (text: string) => text.replace('31612345678', '[erased]')
    expect(rewriteWithin(['php'], 'a:2:{i:0;i:31612345678;i:1;d:0.5;}', change)).toBe(
      'a:2:{i:0;s:8:"[erased]";i:1;d:0.5;}',
    )
  })

  it.each([
    ['ArrayObject', `x:i:0;${serialize({ entries: [['m', 'ann@x.example']] })};m:a:0:{}`],
    ['SplObjectStorage', 'x:i:1;O:8:"stdClass":0:{},s:13:"ann@x.example";;m:a:0:{}'],
    ['App\\Own', serialize({ entries: [['m', 'é ann@x.example']] })],
  ])('of the class %s, which packs itself, keeps both lengths right', (of, custom) => {
    const after = redacted(
      serialize({
        entries: [
          ['c', { of, custom }],
          ['d', 'x'],
        ],
      }),
    ) as string
    const read = unserialize(after) as unknown as { entries: [string, { custom: string }][] }
    expect(after).not.toContain('ann@')
    expect(read.entries[0]?.[1].custom).toContain(
      custom.includes('é') ? 's:11:"é [erased]";' : 's:8:"[erased]";',
    )
  })

  it('is left alone where a class packs itself in a way that nobody knows', () => {
    const of = 'App\\Odd'
    const silent = serialize({ of, custom: '13|bob@x.example' })
    expect(redacted(silent)).toBe(silent)
    expect(() => redacted(serialize({ of, custom: '13|ann@x.example' }))).toThrow(Unreadable)
  })

  it('is read in a store of one byte for each sign, too', () => {
    expect(redacted('a:1:{s:3:"Zoë";s:13:"ann@x.example";}')).toBe('a:1:{s:3:"Zoë";s:8:"[erased]";}')
  })

  it('in bytes that are no UTF-8 keeps them', () => {
    const bytes = Buffer.from('s:17:"Zo\xeb ann@x.example";', 'latin1')
    expect(Buffer.from(rewriteWithin(['php'], bytes, ann) as Uint8Array).toString('latin1')).toBe(
      's:12:"Zo\xeb [erased]";',
    )
  })

  it.each([
    's:999999999:"ann@x.example";',
    'a:999999999:{i:0;s:13:"ann@x.example";}',
    's:12:"ann@x.example";',
    's:14:"ann@x.example";',
    'a:1:{s:13:"ann@x.example";}',
    'a:1:{i:0;s:13:"ann@x.example";',
    'a:1:{i:0;s:13:"ann@x.example";}}',
    'a:1:{b:1;s:13:"ann@x.example";}',
    'O:8:"stdClass":1:{s:13:"ann@x.example";}',
    'i:;',
    'ann@x.example',
    's:13:"ann@x.example"',
    's:3:"\ud83d";',
  ])('is not touched where unserialize() would refuse it: %s', (text) => {
    expect(() => redacted(text)).toThrow(Unreadable)
  })

  it('a hundred thousand levels deep is read', () => {
    const deep = 100_000
    const text = `${'a:1:{i:0;'.repeat(deep)}s:13:"ann@x.example";${'}'.repeat(deep)}`
    expect(redacted(text)).toBe(text.replace('s:13:"ann@x.example"', 's:8:"[erased]"'))
  })
})

const words = fc.oneof(
  fc.constantFrom('ann@x.example', 'Zoë', 'a', '";', 's:3:"', '}', '\0', '😀', '\n'),
  fc.string({ maxLength: 5 }),
)
const text = fc.array(words, { maxLength: 4 }).map((parts) => parts.join('').toWellFormed())
const value = fc.letrec<{ value: Php }>((tie) => {
  const key = fc.oneof(
    text.filter((one) => !one.startsWith('\0')),
    fc.integer().map((n) => ({ int: String(n) })),
  )
  const entries = fc.array(fc.tuple(key, tie('value')), { maxLength: 4 })
  return {
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.constantFrom<Php>(
        null,
        true,
        false,
        { float: '1.10' },
        { float: '-INF' },
        { int: '-0' },
        { same: 'R:1' },
      ),
      entries.map((list): Php => ({ entries: list })),
      entries.map((list): Php => ({ entries: list, of: 'App\\User' })),
    ),
  }
}).value

/** The same change by the book. Numbers as they are. */
function model(value: Php, change: (text: string) => string): Php {
  if (typeof value === 'string') return change(value)
  if (value === null || typeof value === 'boolean' || !('entries' in value)) return value
  return {
    ...value,
    entries: value.entries.map(([key, one]) => [
      typeof key === 'string' ? change(key) : key,
      model(one, change),
    ]),
  }
}
const isClear = (value: Php): boolean => {
  if (value === null || typeof value !== 'object' || !('entries' in value)) return true
  const keys = value.entries.map(([key]) => (typeof key === 'string' ? key : key.int))
  return new Set(keys).size === keys.length && value.entries.every(([, one]) => isClear(one))
}

describe('any value that PHP serialises', () => {
  it('is the same value with the texts changed, and doing it twice is doing it once', () => {
    fc.assert(
      fc.property(value, text, (one, with_) => {
        const change = (inner: string) => inner.replaceAll('ann@x.example', with_)
        const wanted = model(one, change)
        fc.pre(isClear(one) && isClear(wanted) && !with_.includes('ann@x.example'))
        const numbers = (inner: string, place: { role: string }) =>
          place.role === 'number' ? inner : change(inner)
        const after = rewriteWithin(['php'], serialize(one), numbers)
        expect(unserialize(after as string)).toEqual(wanted)
        fc.pre(!serialize(wanted).includes('ann@x.example'))
        expect(rewriteWithin(['php'], after, numbers)).toBe(after)
      }),
      { numRuns: 400 },
    )
  })

  it('cut off anywhere is refused and never changed', () => {
    fc.assert(
      fc.property(value, fc.double({ min: 0, max: 1, noNaN: true }), (one, part) => {
        const whole = Buffer.from(serialize(one), 'utf8')
        const cut = whole.subarray(0, Math.floor(whole.length * part))
        fc.pre(cut.length > 0 && cut.length < whole.length)
        expect(() => rewriteWithin(['php'], cut, (inner) => `${inner}!`)).toThrow(Unreadable)
      }),
      { numRuns: 300 },
    )
  })

  it('shows all its texts', () => {
    const one = serialize({
      entries: [
        ['k', 'v'],
        [{ int: '5' }, { int: '31612345678' }],
      ],
    })
    expect(unpack(['php'], one)).toEqual(['k', 'v', '5', '31612345678'])
  })
})
