import type { Dice } from './dice.ts'
import type { Known, Piece } from './world.ts'

export interface Person {
  readonly name: string
  readonly emails: readonly Known[]
  readonly phone: Known
  readonly number: Known
}

const firsts = ['Anna', 'Boris', 'Chloe', 'Dirk', 'Esmee', 'Femke', 'Gijs', 'Hanne', 'Zoë']
const lasts = ['Jansen', 'Bakker', 'Visser', 'Smit', 'Mulder', 'Ünal']
/** In the form that is compared; the third is `müller.example` to people. */
const domains = ['post.example', 'werk.example', 'xn--mller-kva.example']

export const email = (value: string): Known => ({ kind: 'email', value })
export const phone = (value: string): Known => ({ kind: 'phone', value })

/** A handful of people; some share a surname, a mailbox or a line. */
export function makePeople(dice: Dice): Person[] {
  const count = 3 + dice.below(4)
  const people: Person[] = []
  for (let i = 0; i < count; i++) {
    const name = `${firsts[i]} ${dice.pick(lasts)}`
    const local = plainLetters(name).toLowerCase().replace(' ', '.')
    const own = email(`${local}@${dice.pick(domains)}`)
    const more = dice.chance(0.25) ? [email(`${local}${i}@${dice.pick(domains)}`)] : []
    const other = people.length > 0 ? dice.pick(people) : undefined
    const line =
      other && dice.chance(0.15)
        ? other.phone
        : phone(`+316${20_000_000 + i * 1_111_111 + dice.below(999_999)}`)
    const shared = other && dice.chance(0.15) ? other.emails.slice(0, 1) : []
    people.push({
      name,
      emails: shared.length > 0 && dice.chance(0.5) ? shared : [own, ...more, ...shared],
      phone: line,
      number: { kind: 'customer_number', value: `C-${40_000 + i * 137 + dice.below(99)}` },
    })
  }
  return people
}

const plainLetters = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '')

/** One identifier as somebody wrote it, and what stands around it in the same cell. */
export interface Spelled {
  readonly before: string
  readonly core: string
  readonly after: string
}

const bare = (core: string): Spelled => ({ before: '', core, after: '' })

/** An odd spelling, as forms and imports leave them. */
export function spell(dice: Dice, known: Known): Spelled {
  switch (known.kind) {
    case 'customer_number':
      return bare(known.value)
    case 'email':
      return spellEmail(dice, known.value)
    case 'phone':
      return bare(dice.pick(phoneSpellings(known.value)))
  }
}

function spellEmail(dice: Dice, address: string): Spelled {
  const readable = address.replace('xn--mller-kva', 'müller')
  switch (dice.weighed({ plain: 5, upper: 1, mixed: 2, readable: 1, padded: 1, angle: 1, mailto: 1 })) {
    case 'plain':
      return bare(address)
    case 'upper':
      return bare(address.toUpperCase())
    case 'mixed':
      return bare(
        address.replace(/(^|\.)(\w)/g, (_, dot: string, letter: string) => dot + letter.toUpperCase()),
      )
    case 'readable':
      return bare(readable)
    case 'padded':
      return { before: ' ', core: address, after: ' ' }
    case 'angle':
      return { before: '<', core: address, after: '>' }
    case 'mailto':
      return { before: 'mailto:', core: address, after: '' }
  }
}

function phoneSpellings(e164: string): string[] {
  const national = e164.slice(3)
  const spaced = `${national.slice(1, 5)} ${national.slice(5)}`
  return [
    e164,
    `0${national}`,
    `06-${national.slice(1)}`,
    `0031${national}`,
    `+31 6 ${spaced}`,
    `+31 (0)6 ${spaced}`,
  ]
}

/** How an identifier may stand in running text. */
function inText(dice: Dice, known: Known): string {
  if (known.kind !== 'email') return spell(dice, known).core
  const { core } = spellEmail(dice, known.value)
  return dice.chance(0.15) ? core.replace('@', dice.pick(['%40', '&#64;'])) : core
}

const words = [
  'called about the invoice',
  'wil graag antwoord',
  'has moved',
  'paid',
  'zie dossier',
  'asked twice',
]

/** A text that names some people in some ways, and is told from every other by its number. */
export function writeText(dice: Dice, people: readonly Person[], serial: number): Piece[] {
  const pieces: Piece[] = [{ is: 'filler', text: `note ${serial}:` }]
  // Short enough to be shown whole where an excerpt is shown.
  const named = dice.some(people, 0.25).slice(0, 2)
  for (const person of named)
    pieces.push({ is: 'filler', text: ` ${dice.pick(words)}, ` }, about(dice, person, people))
  const [only] = named
  if (only && named.length === 1 && dice.chance(0.4))
    pieces.push({ is: 'filler', text: ' and ' }, about(dice, only, people))
  pieces.push({ is: 'filler', text: ` ${dice.pick(words)}.` })
  return pieces
}

function about(dice: Dice, person: Person, people: readonly Person[]): Piece {
  const [first = '', last = ''] = person.name.split(' ')
  // `Smit, Boris` begins with another's surname too, and a text does not say who of them is meant.
  const isOnly = people.filter((p) => p.name.endsWith(` ${last}`)).length === 1
  switch (
    dice.weighed({ email: 3, phone: 2, number: 1, name: 3, reversed: isOnly ? 1 : 0, first: 1, last: 1 })
  ) {
    case 'email': {
      const of = dice.pick(person.emails)
      return { is: 'identifier', text: inText(dice, of), of }
    }
    case 'phone':
      return { is: 'identifier', text: inText(dice, person.phone), of: person.phone }
    case 'number':
      return { is: 'identifier', text: person.number.value, of: person.number }
    case 'name':
      return { is: 'name', text: person.name, of: person.name }
    case 'reversed':
      return { is: 'name', text: `${last}, ${first}`, of: person.name }
    case 'first':
      return { is: 'part of a name', text: first, of: person.name }
    case 'last':
      return { is: 'part of a name', text: last, of: person.name }
  }
}
