import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { excerpts, find, holds } from '../../../src/engine/text/find.ts'
import { hideOthers } from '../../../src/engine/text/others.ts'
import { redact } from '../../../src/engine/text/redact.ts'
import { nameNeedles, needlesOf } from '../../../src/engine/text/needles.ts'

const policy = { country: 'NL' } as const
const email = (value: string) => needlesOf([{ kind: 'email', value }], policy)
const phone = (value: string) => needlesOf([{ kind: 'phone', value }], policy)
const ann = nameNeedles(['Ann Lee'], false)

describe('an e-mail address in text', () => {
  const alice = email('alice.jansen@post.example')
  it.each([
    'mail alice.jansen@post.example today',
    'Alice.Jansen@POST.example',
    '<alice.jansen@post.example>',
    'alice.jansen@post.example.',
    'to:alice.jansen@post.example,bob@x.example',
  ])('is found in %s', (text) => expect(holds(text, alice)).toBe(true))

  it.each([
    'malice.jansen@post.example',
    'x.alice.jansen@post.example',
    'alice.jansen@post.example.org',
    'alice.jansen@post.examples',
    'alice+news.jansen@post.example',
    'alicexjansen@post.example',
  ])('is not found inside another: %s', (text) => expect(holds(text, alice)).toBe(false))

  it('leaves every other character as it was', () => {
    expect(redact('<b>alice.jansen@post.example</b>, bob@post.example ', alice)).toBe(
      '<b>[erased]</b>, bob@post.example ',
    )
  })
})

describe('a phone number in text', () => {
  const mine = phone('+31612345678')
  it.each([
    '+31 6 1234 5678',
    '+31612345678',
    '0031 6 12345678',
    '06-12345678',
    '(06) 12 34 56 78',
    '06.1234.5678',
    '+31 (0)6 12345678',
    'bel 0612345678!',
    '31612345678',
    'sip:+31612345678@pbx.example',
  ])('is found as %s', (text) => expect(holds(text, mine)).toBe(true))

  it.each(['06123456789', '1061234567890', '0612345679', '+32612345678', '2061234567 8', '9931612345678'])(
    'is not found inside %s',
    (text) => expect(holds(text, mine)).toBe(false),
  )

  it('takes its prefix along, so that nothing of it stays', () => {
    expect(redact('bel +31 (0)6 1234 5678 of 06-12345678.', mine)).toBe('bel [erased] of [erased].')
  })

  it('leaves the brackets that stand around it, and takes those inside it', () => {
    expect(redact('Ann (06 1234 5678), (+31 6 12345678)', mine)).toBe('Ann ([erased]), ([erased])')
    expect(redact('((06) 12345678) en (+31 6) 1234 5678', mine)).toBe('([erased]) en [erased]')
  })
})

describe('a login name or customer number in text', () => {
  const login = needlesOf([{ kind: 'rt_user', value: 'ann.lee' }], policy)
  it.each([
    'log in as ann.lee.',
    'Ann.Lee’s laptop',
    "ann.lee's",
    '(ann.lee)',
    'keys-ann.lee.zip',
    'ann.lee, bob@x.example',
  ])('is found in %s', (text) => expect(holds(text, login)).toBe(true))
  it.each([
    'ann.lee@elders.example',
    'ann.lee+news@x.example',
    'jo.ann.lee@x.example',
    'x@ann.lee',
    'x@mail.ann.lee.example',
  ])('is not found inside an address: %s', (text) => expect(holds(text, login)).toBe(false))
  it('that is an address is found as one', () => {
    const address = needlesOf([{ kind: 'rt_user', value: 'Ann@x.example' }], policy)
    expect(redact('ann@x.example, jo.ann@x.example', address)).toBe('[erased], jo.ann@x.example')
  })
  it.each(['joann.lee', 'ann.leeson'])('is not found inside a longer one: %s', (text) =>
    expect(holds(text, login)).toBe(false),
  )
})

describe('a name in text', () => {
  it('is found in both orders and across a line break, and never inside a longer name', () => {
    expect(redact('Ann Lee, Lee, Ann and ann\nlee wrote', ann)).toBe('[erased], [erased] and [erased] wrote')
    expect(redact('Joann Leeson, Ann Leeson, Joann Lee', ann)).toBe('Joann Leeson, Ann Leeson, Joann Lee')
  })
  it('has its boundary at letters of any script', () => {
    expect(redact('Åann Lee Annø', ann)).toBe('Åann Lee Annø')
  })
  it.each([
    ['ask Bo Lee or Ann Smit, not Ann', 'ask Bo Lee or Ann Smit, not [erased]'],
    ['Dear Ann, Ms Lee will call. Lee knows.', 'Dear [erased], Ms [erased] will call. [erased] knows.'],
    ['Mail Lee today', 'Mail [erased] today'],
    ['met Ann Lee en Ann van der Berg', 'met [erased] en Ann van der Berg'],
    ['with Ann&nbsp;Smit', 'with Ann&nbsp;Smit'],
    ['Groet, Ann\nSmit is ziek', 'Groet, [erased]\nSmit is ziek'],
    ['Ann.Smit@post.example, Bo%40Lee.example', 'Ann.Smit@post.example, Bo%40Lee.example'],
  ])('in part is not taken out of another’s name: %s', (text, wanted) => {
    expect(redact(text, nameNeedles(['Ann Lee'], true))).toBe(wanted)
  })
  it('of two words behind a first one is a surname too: de Vries', () => {
    const needles = nameNeedles(['Bob de Vries'], true)
    expect(redact('vraag Piet de Vries, niet Bob of de Vries', needles)).toBe(
      'vraag Piet de Vries, niet [erased] of [erased]',
    )
  })
  it('in parts goes only where the letters are the same', () => {
    const parts = nameNeedles(['Grace Hopper'], true)
    expect(redact('Dear Grace, by the grace of Hopper', parts)).toBe(
      'Dear [erased], by the grace of [erased]',
    )
  })
})

describe('a copy of what others wrote', () => {
  const hers = [...email('alice@post.example'), ...phone('0612345678')]
  it('hides their addresses and numbers and keeps hers', () => {
    const { text, hidden } = hideOthers(
      'alice@post.example 06-12345678 / bob@post.example 06-87654321',
      hers,
      'NL',
    )
    expect(text).toBe('alice@post.example 06-12345678 / [withheld] [withheld]')
    expect(hidden).toBe(2)
  })
  it('shows only the surroundings of a mention', () => {
    const text = `${'a'.repeat(500)} alice@post.example ${'b'.repeat(500)}`
    const shown = excerpts(text, hers)
    expect(shown).toContain('alice@post.example')
    expect(shown.length).toBeLessThan(400)
  })
})

describe('redaction', () => {
  it('leaves nothing that would be found again, whatever stands around', () => {
    const hers = [...email('al.ice@post.example'), ...phone('+31612345678')]
    const piece = fc.oneof(
      fc.constantFrom(
        'al.ice@post.example',
        'AL.ICE@POST.EXAMPLE',
        '06-12345678',
        '+31 6 1234 5678',
        ' ',
        '\n',
        '<',
        '>',
        ',',
        '0',
        'x',
      ),
      fc.string({ maxLength: 6 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const clean = redact(pieces.join(''), hers)
        expect(find(clean, hers)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})

describe('an identifier with signs that mean something in a pattern', () => {
  it.each(['C-000005', 'a.b+c-d/e', 'x(y)[z]', '^$|?*{}\\'])('%s is found as itself', (value) => {
    const needles = needlesOf([{ kind: 'customer_number', value }], policy)
    expect(redact(`<${value}>`, needles)).toBe('<[erased]>')
    expect(holds('aXbXcXd', needles)).toBe(false)
  })
  it('in an address too', () => {
    expect(holds('Jean-Luc+x@post-office.example', email('jean-luc+x@post-office.example'))).toBe(true)
  })
})
