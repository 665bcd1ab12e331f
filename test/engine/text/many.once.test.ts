import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Identity, IdentityPolicy } from '../../../src/base/identity.ts'
import { holds } from '../../../src/engine/text/find.ts'
import { openBook } from '../../../src/engine/text/many/book.ts'
import { searchValues } from '../../../src/engine/text/many/search.ts'
import { needlesOf } from '../../../src/engine/text/needles.ts'

const persons: readonly (readonly Identity[])[] = [
  [{ kind: 'email', value: 'ann.lee@x.example' }],
  [{ kind: 'email', value: 'lee@x.example' }],
  [{ kind: 'email', value: 'jürgen.k@müller.example' }],
  [{ kind: 'email', value: "o'neil_s+a-@ünal.example" }],
  [{ kind: 'email', value: 'mary--ann@sub.x.example' }],
  [{ kind: 'phone', value: '+31612345678' }],
  [{ kind: 'phone', value: '+4512345678' }],
  [{ kind: 'phone', value: '+31205551234;ext=12' }],
  [{ kind: 'login', value: 'ann.lee' }],
  [{ kind: 'login', value: 'Ünal_Ks' }],
  [{ kind: 'number', value: 'C-000005' }],
  [{ kind: 'number', value: '20261122' }],
  [{ kind: 'odd', value: '^$|?*{}\\' }],
  [{ kind: 'odd', value: 'иван' }],
]

/** Which persons' identifiers stand in each value as it is. */
async function found(values: readonly string[], policy: IdentityPolicy): Promise<Set<number>[]> {
  const hits = values.map(() => new Set<number>())
  const listener = {
    hit: (value: number, entry: { readonly persons: readonly number[] }) => {
      for (const person of entry.persons) hits[value]?.add(person)
    },
    unread: () => undefined,
  }
  await searchValues(openBook(persons, policy), values, listener, false)
  return hits
}

/** What each person's own needles say of it. */
const oracle = (values: readonly string[], policy: IdentityPolicy): Set<number>[] =>
  values.map((text) => new Set(persons.flatMap((ids, i) => (holds(text, needlesOf(ids, policy)) ? [i] : []))))

const percent = (text: string) =>
  text.replace(/[^a-z0-9]/gi, (c) =>
    encodeURIComponent(c).replace(/^[^%]$/, (d) => `%${d.charCodeAt(0).toString(16)}`),
  )
const json = (text: string) =>
  text.replace(/[^a-z0-9]/gi, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
const html = (text: string) =>
  Array.from(text, (c) => (/[a-z0-9]/i.test(c) ? c : `&#${c.codePointAt(0)};`)).join('')
const spellings = persons
  .flat()
  .flatMap(({ value }) => [
    value,
    value.toUpperCase(),
    value.normalize('NFD'),
    percent(value),
    json(value),
    html(value),
    value.replace('@', '=40'),
    value.replace('@', '+news@'),
    value.replace('@', '%2Bnews%40'),
    value.replace('müller', 'xn--mller-kva'),
    value.replace('s', 'ſ').replace('k', '\u212a'),
    value.replace(';ext=', ' x'),
    value.replace(/^\+31/, '0'),
    value.replace(/^\+(\d\d)/, '00$1 (0)'),
    value.replace(/(\d\d)/g, '$1 '),
    value.replace(/(\d\d)/g, '$1&nbsp;'),
    value.replace(/(\d)/g, '$1 - '),
  ])
const around = [
  '',
  ' ',
  '\n',
  '\\n',
  '\\u003c',
  '%3A',
  '=3D',
  "'",
  '-',
  '.',
  '_',
  '<',
  '>',
  'x',
  'é',
  '7',
  '07',
  '@',
  '@x.example',
  '&nbsp;',
  '\u0001',
  'İ',
  '…',
  ', ',
  '(',
  '+',
  '0',
  '; ',
]
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...spellings),
      fc.constantFrom(...around),
      fc.string({ maxLength: 5, unit: 'binary' }),
    ),
    {
      maxLength: 9,
    },
  )
  .map((parts) => parts.join(''))

describe('many persons looked for at once', () => {
  it.each([
    ['tags apart', { country: 'NL' }],
    ['tags alike', { country: 'NL', plusAddressing: 'same' }],
  ] as const)('are found exactly where the needles of each find them: %s', async (_, policy) => {
    const numRuns = process.env['LETHE_TEST_LONG'] ? 20_000 : 1_500
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 5 }), async (values) => {
        expect(await found(values, policy)).toEqual(oracle(values, policy))
      }),
      { numRuns },
    )
  })

  it('are found in a text longer than any window, and only there', async () => {
    const filler = 'the printer of 2026-11-20 does not print. '.repeat(20_000)
    const texts = [`${filler}ann.lee@x.example +31612345678 ${filler}`, filler, 'ann.lee@x.example']
    const hits = await found(texts, { country: 'NL' })
    expect(hits).toEqual([new Set([0, 5]), new Set(), new Set([0])])
  })

  it('of whom two share an address are both told', async () => {
    const shared = [
      [{ kind: 'email', value: 'info@x.example' }],
      [{ kind: 'email', value: 'INFO@x.example' }],
    ]
    const seen: (readonly number[])[] = []
    await searchValues(openBook(shared, {}), ['to info@x.example'], {
      hit: (_, entry) => seen.push(entry.persons),
      unread: () => undefined,
    })
    expect(seen).toEqual([[0, 1]])
  })
})
