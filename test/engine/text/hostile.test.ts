import { describe, expect, it } from 'vitest'
import { excerpts, find, holds } from '../../../src/engine/text/find.ts'
import { hideOthers } from '../../../src/engine/text/others.ts'
import { redact } from '../../../src/engine/text/redact.ts'
import { nameNeedles, needlesOf } from '../../../src/engine/text/needles.ts'

const policy = { country: 'NL' } as const
const email = (value: string) => needlesOf([{ kind: 'email', value }], policy)
const phone = (value: string) => needlesOf([{ kind: 'phone', value }], policy)
const hers = [
  ...needlesOf(
    [
      { kind: 'email', value: 'ann.lee@x.example' },
      { kind: 'phone', value: '+31612345678' },
      { kind: 'login', value: 'ann.lee' },
    ],
    policy,
  ),
  ...nameNeedles(['Ann Lee'], true),
]

/** Each of these kept the process busy for minutes, hours or for ever; the limit is the test's own. */
describe('a hostile text of 300,000 characters is read in linear time', () => {
  const long = 300_000
  it.each([
    ['letters', 'a'.repeat(long)],
    ['at signs', '@'.repeat(long)],
    ['digits', '0'.repeat(long)],
    ['digits and blanks', '6 '.repeat(long / 2)],
    ['dashes', '-'.repeat(long)],
    ['plus signs', '+'.repeat(long)],
    ['her login and no end', `ann.lee${'.a'.repeat(long / 2)}`],
    ['an address and no end', `a@${'-'.repeat(long)}`],
    ['her first name and no-break spaces', `Ann${'\u00a0'.repeat(long)}x`],
    ['her first name and blanks', `Ann${' '.repeat(long)}x`],
  ])('%s', (_, text) => {
    expect(find(redact(text, hers), hers)).toEqual([])
    hideOthers(text, hers, 'NL')
    excerpts(text, hers)
  })

  it('and an excerpt is never longer than the text', () => {
    const text = 'Ann '.repeat(long / 4)
    expect(excerpts(text, hers).length).toBeLessThanOrEqual(text.length)
  })
})

describe('an address as machines write it', () => {
  const ann = email('ann.lee@x.example')
  it.each([
    'https://x.example/u?e=ann.lee%40x.example&l=1',
    'https://x.example/u?q=to%3Aann.lee%40x.example',
    'ann.lee&#64;x.example',
    'ann.lee&#x40;x.example',
    'To=3Aann.lee=40x.example',
    '{"m":"hello\\nann.lee@x.example"}',
    '{"m":"\\u003cann.lee@x.example\\u003e"}',
    '{"m":"ann.lee\\u0040x.example"}',
    "'ann.lee@x.example'",
    '-ann.lee@x.example',
    '_ann.lee@x.example_',
    '…ann.lee@x.example--',
  ])('is found in %s', (text) => {
    expect(holds(text, ann)).toBe(true)
    expect(redact(text, ann)).not.toMatch(/lee/i)
  })
  it.each([
    'mary-ann.lee@x.example',
    "o'ann.lee@x.example",
    'ann.lee@x.example-two.example',
    'xann.lee@x.example',
  ])('is not found inside another: %s', (text) => expect(redact(text, ann)).toBe(text))
  it('is found with its domain as people write it, composed or not', () => {
    const jurgen = email('jürgen@müller.example')
    const texts = [
      'jürgen@müller.example',
      'JÜRGEN@MÜLLER.EXAMPLE',
      'jürgen@xn--mller-kva.example',
      'jürgen@müller.example'.normalize('NFD'),
      '"j\\u00fcrgen@m\\u00fcller.example"',
      '?e=j%C3%BCrgen%40m%C3%BCller.example',
    ]
    expect(texts.filter((text) => !holds(text, jurgen))).toEqual([])
  })
  it('is found with a tag where the policy takes it for the same', () => {
    const same = needlesOf([{ kind: 'email', value: 'ann@x.example' }], { plusAddressing: 'same' })
    expect(redact('to ann+news@x.example', same)).toBe('to [erased]')
    expect(redact('to ann+news@x.example', email('ann@x.example'))).toBe('to ann+news@x.example')
  })
})

describe('a number behind a switchboard', () => {
  const line = '+31 20 123 45 67'
  it('is found with its extension only, so that a colleague keeps the line', () => {
    const mine = phone(`${line} ext. 12`)
    expect(redact('020-1234567 x12, 020-1234567 toestel 12, 020-1234567;ext=12', mine)).toBe(
      '[erased], [erased], [erased]',
    )
    const others = '020-1234567, 020-1234567 x13, 020-1234567 ext 123'
    expect(redact(others, mine)).toBe(others)
  })
  it('is found without one where hers has none', () => {
    const mine = phone(line)
    expect(redact('020-1234567 of +31201234567 ext. 12', mine)).toBe('[erased] of +31201234567 ext. 12')
    expect(redact('020&nbsp;123&nbsp;45&nbsp;67', mine)).toBe('[erased]')
  })
})

describe('what is no sure sign of her', () => {
  it('a short number of her own is not taken out of texts', () => {
    const text = 'in 2024 we paid 2024 euro'
    expect(redact(text, needlesOf([{ kind: 'customer_number', value: '2024' }], policy))).toBe(text)
  })
  it('an initial is not taken for a name', () => {
    expect(redact('Plan B for Ann', nameNeedles(['Ann B'], true))).toBe('Plan B for [erased]')
  })
  it('her name inside the address of another does not make that address hers', () => {
    const { text } = hideOthers('Ann.Other@corp.example and Peter.Lee@corp.example', hers)
    expect(text).toBe('[withheld] and [withheld]')
  })
  it('hides an address of another that is written for a URL', () => {
    expect(hideOthers('?to=bob%40corp.example', hers).text).not.toContain('bob')
  })
})

describe('a name with other letters', () => {
  it('is found composed or not, and as JSON and URLs write it', () => {
    const soren = nameNeedles(['Søren Ægidius', 'Zoë Müller'], false)
    const texts = [
      'Søren Ægidius',
      '{"n":"S\\u00f8ren \\u00c6gidius"}',
      'Zoë Müller'.normalize('NFD'),
      '{"t":"hi\\nZoë Müller"}',
      'q=Zo%C3%AB+M%C3%BCller',
      'Zoë&nbsp;Müller',
    ]
    expect(texts.filter((text) => !holds(text, soren))).toEqual([])
    expect(holds('Zoë Müllers', soren)).toBe(false)
  })
})

describe('redaction in JSON', () => {
  it('leaves JSON, and every other key, order and digit as it was', () => {
    const text =
      '{"tel": 31612345678, "big": 12345678901234567890, "who": {"ann.lee@x.example": ["Ann Lee\\n+31 6 12345678", 1.10]}, "z": "\\u0061"}'
    const clean = redact(text, hers)
    expect(clean).toBe(
      '{"tel": "[erased]", "big": 12345678901234567890, "who": {"[erased]": ["[erased]\\n[erased]", 1.10]}, "z": "\\u0061"}',
    )
    expect(find(clean, hers)).toEqual([])
  })
  it('goes on as text where it is none', () => {
    expect(redact('{ann.lee@x.example', hers)).toBe('{[erased]')
  })
})
