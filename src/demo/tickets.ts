import { type Instant, plusMs } from '../base/instant.ts'
import { castThreads } from './cast-threads.ts'
import { castTickets, member, spelled } from './cast-tickets.ts'
import { type Country, castSize, type CastName } from './cast.ts'
import { cities } from './names.ts'
import { type Person, type Population, spellAnyPhone, spellEmail } from './people.ts'
import { randomFor, type Random } from './random.ts'
import type { Sink } from './sink.ts'
import {
  agentFor,
  agents,
  customerNumber,
  onePixelPng,
  priority,
  ticketReference,
  type TicketRows,
  ticketRows,
} from './ticket-rows.ts'
import { agentMessage, customerMessage, resolution, subject } from './texts.ts'

const dayMs = 86_400_000
const topic = { customer: 11, ticket: 12 }
const channels = ['email', 'email', 'portal', 'phone'] as const
const categories = ['incident', 'incident', 'service request', 'change'] as const
const openStatuses = [
  'open',
  'in progress',
  'waiting for customer',
  'on hold',
  'planned',
  'awaiting acceptance',
] as const

export interface TicketPlan {
  readonly people: Population
  readonly seed: number
  readonly now: Instant
  /** Tickets in all, those of the cast included. */
  readonly tickets: number
}

/** Companies, staff, customers, then the cast's tickets and the drawn ones from four years ago to now. */
export async function fillTickets(sink: Sink, plan: TicketPlan): Promise<void> {
  const rows = ticketRows(sink)
  await sink.load(basics(rows, plan))
  await sink.load(customers(rows, plan))
  const counter = { message: 0 }
  await sink.load(castThreads(rows, plan.now, counter))
  await sink.load(drawn(rows, plan, counter))
}

function* basics(rows: TicketRows, { people }: TicketPlan) {
  for (const agent of agents)
    yield rows.agent(agent.id, agent.name, agent.email, `service desk ${agent.country}`)
  for (let id = 1; id <= people.companies; id++) {
    const c = people.company(id)
    yield rows.company(id, c.name, c.country, c.city, c.email, c.switchboard)
  }
}

function* customers(rows: TicketRows, plan: TicketPlan) {
  const names = Object.keys(spelled) as CastName[]
  for (let index = 0; index < plan.people.size; index++) {
    const person = plan.people.person(index)
    if (!person.inTickets) continue
    const random = randomFor(plan.seed, topic.customer, index)
    const known = names.find((name) => index < castSize && member(name).customerId === person.id)
    const as = known ? spelled[known] : undefined
    const notes = as
      ? (as.notes ?? null)
      : random.chance(0.05)
        ? `${person.name}: ${subject(person.language, random)}`
        : null
    const since = plusMs(plan.now, -dayMs * (1500 + random.int(0, 700)))
    yield rows.customer(
      person.id,
      customerNumber(person.id),
      person.companyId,
      person.name,
      as?.email ?? spellEmail(person.email, random),
      as?.phone ?? (person.phone && spellAnyPhone(person.phone, random)),
      person.language,
      as?.city ?? random.pick(cities[person.country]),
      notes,
      random.chance(0.4) ? `$argon2id$demo$${random.int(1e8, 1e9)}` : null,
      since,
    )
  }
}

const yearsBackMs = 4 * 365 * dayMs

function* drawn(rows: TicketRows, plan: TicketPlan, counter: { message: number }) {
  const first = castTickets.length + 1
  const pace = yearsBackMs / Math.max(1, plan.tickets - first + 1)
  for (let id = first; id <= plan.tickets; id++) {
    const random = randomFor(plan.seed, topic.ticket, id)
    const openedAt = plusMs(plan.now, -Math.floor(yearsBackMs - (id - first + random.next()) * pace) - 60_000)
    const requester = anyCustomer(plan.people, random)
    const closedAt = closing(openedAt, plan.now, random)
    const merged = closedAt !== null && id > first + 60 && random.chance(0.03)
    const [impact, urgency] = [random.int(1, 3), random.int(1, 3)]
    const agent = agentFor(requester.country, random.int(0, 1))
    rows.ticket(
      id,
      ticketReference(id, openedAt),
      requester.id,
      requester.companyId,
      agent.id,
      random.pick(channels),
      random.pick(categories),
      impact,
      urgency,
      priority(impact, urgency),
      closedAt === null ? random.pick(openStatuses) : 'closed',
      merged ? id - random.int(1, 50) : null,
      subject(requester.language, random),
      requester.phone && random.chance(0.1) ? spellAnyPhone(requester.phone, random) : null,
      closedAt === null || merged ? null : resolution(requester.language, random),
      openedAt,
      closedAt,
    )
    thread(rows, plan, { id, openedAt, closedAt, requester, agent, random }, counter)
    yield
  }
}

/** Some are closed within days, the newest mostly not yet; nothing closes in the future. */
function closing(openedAt: Instant, now: Instant, random: Random): Instant | null {
  const closedAt = plusMs(openedAt, random.int(1, 20 * 24) * 3_600_000)
  return closedAt <= now && random.chance(0.96) ? closedAt : null
}

/** A customer outside the cast: the cast's rows are the same whatever is drawn. */
export function anyCustomer(people: Population, random: Random): Person {
  for (;;) {
    const person = people.person(random.int(castSize, people.size - 1))
    if (person.inTickets) return person
  }
}

interface Thread {
  readonly id: number
  readonly openedAt: Instant
  readonly closedAt: Instant | null
  readonly requester: Person
  readonly agent: { readonly id: number; readonly name: string }
  readonly random: Random
}

function thread(rows: TicketRows, { people, now }: TicketPlan, of: Thread, counter: { message: number }) {
  const { id, openedAt, closedAt, requester, agent, random } = of
  const end = closedAt ?? now
  const other = random.chance(0.3) ? anyCustomer(people, random) : null
  if (other && random.chance(0.5))
    rows.participant(id, other.id, spellEmail(other.email, random, true), openedAt)
  const count = random.int(1, 5)
  const step = (Date.parse(end) - Date.parse(openedAt)) / (count + 1)
  for (let n = 0; n < count; n++) {
    const sentAt = plusMs(openedAt, Math.floor(n * step))
    const messageId = ++counter.message
    const quoted = other && random.chance(0.5) ? other : null
    const byAgent = n % 2 === 1
    const author = !byAgent && n > 0 && other && random.chance(0.3) ? other : requester
    rows.message(
      messageId,
      id,
      byAgent ? 'agent' : 'customer',
      byAgent ? null : author.id,
      byAgent ? agent.id : null,
      byAgent ? null : spellEmail(author.email, random),
      'text',
      byAgent ? agentMessage(requester, quoted, agent.name, random) : customerMessage(author, quoted, random),
      sentAt,
      closedAt,
    )
    if (random.chance(0.1)) attachment(rows, messageId, author, random, sentAt, closedAt)
  }
  if (random.chance(0.08)) session(rows, of)
}

function attachment(
  rows: TicketRows,
  message: number,
  author: Person,
  random: Random,
  at: Instant,
  archivedAt: Instant | null,
) {
  if (random.chance(0.5))
    rows.attachment(message, 'screenshot.png', 'image/png', null, onePixelPng, at, archivedAt)
  else
    rows.attachment(
      message,
      'notes.txt',
      'text/plain',
      `${author.name}\n${subject(author.language, random)}\n`,
      null,
      at,
      archivedAt,
    )
}

const hosts: Record<Country, string> = { NL: 'WERKPLEK', DK: 'KONTOR', GB: 'DESK' }

function session(rows: TicketRows, { id, openedAt, requester, agent, random }: Thread) {
  const startedAt = plusMs(openedAt, random.int(1, 600) * 1000)
  const ip = random.chance(0.2)
    ? `2001:db8::${random.int(1, 65535).toString(16)}`
    : `198.51.100.${random.int(1, 254)}`
  const user = requester.email.slice(0, requester.email.indexOf('@'))
  const host = `${hosts[requester.country]}-${random.int(100, 9999)}`
  rows.remoteSession(
    id,
    requester.id,
    agent.id,
    user,
    ip,
    host,
    startedAt,
    plusMs(startedAt, random.int(2, 60) * 60_000),
  )
}
