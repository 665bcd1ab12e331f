import { type CastMember, type Country, cast, castSize, type Language } from './cast.ts'
import { cities, companyWords, firstNames, languageOf, lastNames, plain } from './names.ts'
import { phoneWays, spellPhone } from './phones.ts'
import { type Random, randomFor } from './random.ts'

export interface Person {
  readonly id: number
  readonly name: string
  /** Normal form. */
  readonly email: string
  readonly phone: string | null
  readonly language: Language
  readonly country: Country
  readonly companyId: number | null
  readonly inTickets: boolean
  readonly inCalls: boolean
  readonly inMarketing: boolean
}

export interface Company {
  readonly id: number
  readonly name: string
  readonly country: Country
  readonly city: string
  readonly email: string
  readonly switchboard: string
}

export const castCompanies: readonly Company[] = [
  {
    id: 1,
    name: 'Duinrand Bouw',
    country: 'NL',
    city: 'Haarlem',
    email: 'kantoor@duinrand-bouw.example',
    switchboard: '+31232345671',
  },
  {
    id: 2,
    name: 'Bakkerij Smit',
    country: 'NL',
    city: 'Rotterdam',
    email: 'info@bakkerij-smit.example',
    switchboard: '+31101234567',
  },
  {
    id: 3,
    name: 'Noorderlicht Logistiek',
    country: 'NL',
    city: 'Amsterdam',
    email: 'post@noorderlicht.example',
    switchboard: '+31202345670',
  },
  {
    id: 4,
    name: 'Havblik ApS',
    country: 'DK',
    city: 'Skagen',
    email: 'kontor@havblik.example',
    switchboard: '+4533123456',
  },
]

/** Everybody the stores know, by index: any of them can be asked for at any time, none is kept in memory. */
export interface Population {
  readonly size: number
  readonly companies: number
  person(index: number): Person
  company(id: number): Company
}

const topic = { person: 1, company: 2 }
const members: readonly CastMember[] = Object.values(cast)

export function population(seed: number, people: number): Population {
  const size = Math.max(people, castSize + 1)
  const companies = castCompanies.length + Math.max(4, Math.ceil(size / 25))
  const company = (id: number) => castCompanies[id - 1] ?? drawnCompany(seed, id)
  return {
    size,
    companies,
    company,
    person: (index) =>
      index < castSize
        ? castPerson(index)
        : drawnPerson(randomFor(seed, topic.person, index), index, companies, company),
  }
}

function castPerson(index: number): Person {
  const member = members[index]
  if (!member) throw new RangeError(`no cast member ${index}`)
  return {
    id: index + 1,
    name: member.name,
    email: member.emails[0] ?? '',
    phone: member.phone,
    language: member.language,
    country: member.country,
    companyId: member.companyId,
    inTickets: member.customerId !== null,
    inCalls: member.calls.length > 0,
    inMarketing: member.subscriberId !== null,
  }
}

const countries = ['NL', 'NL', 'NL', 'DK', 'DK', 'GB', 'GB'] as const
const mobile: Record<Country, string> = { NL: '+316', DK: '+45', GB: '+44770' }

/** Seven digits of which the cast has none (theirs begin with 0, 1 or 2), different for the first seven million people. */
const sevenDigits = (index: number): string =>
  String(3_000_000 + ((index * 2_654_443 + 1_234_567) % 7_000_000))

function drawnPerson(
  random: Random,
  index: number,
  companies: number,
  company: (id: number) => Company,
): Person {
  const pair = Math.floor(index / 50)
  // In every fifty, two share their company's mailbox and two its line.
  const mailbox = index % 50 === 21 || index % 50 === 22
  const line = index % 50 === 31 || index % 50 === 32
  const drawnCompanyId = random.int(castCompanies.length + 1, companies)
  const sharedCompanyId = castCompanies.length + 1 + (pair % (companies - castCompanies.length))
  const employed = random.chance(0.5)
  const companyId = mailbox || line ? sharedCompanyId : employed ? drawnCompanyId : null
  const employer = companyId === null ? null : company(companyId)
  const country = employer?.country ?? random.pick(countries)
  const first = random.pick(firstNames[country])
  const last = random.pick(lastNames[country])
  const domain = employer
    ? employer.email.slice(employer.email.indexOf('@') + 1)
    : random.pick(['post.example', 'mail.example'])
  const ownEmail = `${plain(first)}.${plain(last)}${index}@${domain}`
  const ownPhone =
    mobile[country] +
    (country === 'DK' ? random.int(2, 5) : country === 'NL' ? random.int(1, 5) : '') +
    sevenDigits(index)
  // The first one drawn always is, so that there is somebody to open tickets.
  const inTickets = index === castSize || mailbox || line || random.chance(0.85)
  return {
    id: index + 1,
    name: `${first} ${last}`,
    email: mailbox && employer ? employer.email : ownEmail,
    phone: line && employer ? employer.switchboard : random.chance(0.9) ? ownPhone : null,
    language: languageOf[country],
    country,
    companyId,
    inTickets,
    inCalls: random.chance(0.6),
    // A mailing service has one subscriber for an address, whoever reads it.
    inMarketing: index % 50 !== 22 && (!inTickets || random.chance(0.65)),
  }
}

function drawnCompany(seed: number, id: number): Company {
  const random = randomFor(seed, topic.company, id)
  const country = random.pick(countries)
  const name = `${random.pick(companyWords[country].name)} ${random.pick(companyWords[country].kind)}`
  const line = String(3_000_000 + ((id * 2_654_443) % 7_000_000))
  return {
    id,
    name: `${name} ${id}`,
    country,
    city: random.pick(cities[country]),
    email: `info@${plain(name)}${id}.example`,
    switchboard: { NL: `+3120${line}`, DK: `+457${line}`, GB: `+44113${line}` }[country],
  }
}

/** One in nine writes capitals, one in fourteen a plus-address. */
export function spellEmail(email: string, random: Random, plus = false): string {
  if (random.chance(1 / 9)) return email.toUpperCase()
  if (random.chance(1 / 9)) return email.replace(/(^|[.@])[a-z]/g, (start) => start.toUpperCase())
  if (plus && random.chance(1 / 14)) return email.replace('@', `+${random.pick(['news', 'work', 'shop'])}@`)
  return email
}

export const spellAnyPhone = (phone: string, random: Random): string =>
  spellPhone(phone, random.pick(phoneWays))
