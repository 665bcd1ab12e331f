import { describe, expect, it } from 'vitest'
import { nameNeedles, needlesOf } from '../../../src/engine/text/needles.ts'
import { hideOthers, othersFinder } from '../../../src/engine/text/others.ts'

const policy = { country: 'NL' } as const
const hers = [
  ...needlesOf(
    [
      { kind: 'email', value: 'ann.lee@x.example' },
      { kind: 'phone', value: '+31612345678' },
    ],
    policy,
  ),
  ...nameNeedles(['Ann Lee'], false),
]
const found = (text: string, names: readonly string[] = [], country = policy) =>
  othersFinder({ hers, names, policy: country })(text).map(({ kind, value, start, end }) => [
    kind,
    value,
    text.slice(start, end),
  ])

describe('somebody else in a text', () => {
  it('is a number of her own next to hers, whatever stands between', () => {
    for (const between of [', ', ';', ' / ', '\n', ' '])
      expect(found(`06-12345678${between}06 87654321`)).toEqual([['phone', '+31687654321', '06 87654321']])
    expect(hideOthers('0612345678, 0687654321', hers, 'NL').text).toBe('0612345678, [withheld]')
  })
  it('is no moment, no id and no version, not even where numbers have eight digits', () => {
    const danish = { country: 'DK' } as never
    expect(found('20261122, 2026-11-22 12:30:00, 1.2.3.4, 192.168.100.200', [], danish)).toEqual([])
    expect(found('ring 20 12 34 07', [], danish)).toEqual([['phone', '+4520123407', '20 12 34 07']])
  })
  it('is a whole name that a record knows, in either order and letter case, and no part of one', () => {
    const names = ['Bob de Vries', 'Zoë Müller']
    expect(found('Bob vroeg de Vries; DE VRIES, BOB en Zoe\u0308 Mu\u0308ller', names)).toEqual([
      ['name', 'Bob de Vries', 'DE VRIES, BOB'],
      ['name', 'Zoë Müller', 'Zoe\u0308 Mu\u0308ller'],
    ])
    expect(found('Carl Smit en Eva Bos', names)).toEqual([])
  })
  it('who is called as she is, is she; who is called longer is not', () => {
    expect(found('Ann Lee', ['ann lee'])).toEqual([])
    expect(found('Ann Lee Smith', ['Ann Lee Smith'])).toEqual([['name', 'Ann Lee Smith', 'Ann Lee Smith']])
  })
  it('of one word, of nine or of none is nobody', () => {
    expect(found('the the and 1 2 3', ['the', 'a b c d e f g h i', '1 2', '- -', ''])).toEqual([])
  })
  it('with a hostile display name is found as it is written, and breaks nothing', () => {
    const hostile = ['<b onclick="x">Eve\\" (.*)+$</b> Doe', '$& $1 Mallory Smith', '__proto__ constructor']
    for (const name of hostile) expect(found(`by ${name}!`, [name]).map(([kind]) => kind)).toEqual(['name'])
  })
  it('of a thousand is found as one of a few is, in linear time', () => {
    const many = Array.from({ length: 1000 }, (_, i) => `Voor${i} van der Naam${i}`)
    const line = 'Voor7 van der Naam7 en Bob de Vries, Naam8 alleen. '
    expect(found(line, [...many, 'Bob de Vries']).map(([, name]) => name)).toEqual([
      'Voor7 van der Naam7',
      'Bob de Vries',
    ])
    const begun = performance.now()
    expect(found(line.repeat(20_000), [...many, 'Bob de Vries'])).toHaveLength(40_000)
    expect(performance.now() - begun).toBeLessThan(15_000)
  })
})
