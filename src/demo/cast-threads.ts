import { type Instant, plusMs } from '../base/instant.ts'
import { type CastMessage, type CastTicket, castTickets, member } from './cast-tickets.ts'
import { agentFor, onePixelPng, priority, ticketReference, type TicketRows } from './ticket-rows.ts'

const dayMs = 86_400_000

/** The cast's tickets with what hangs on them; `counter.message` is the last message id given. */
export function* castThreads(rows: TicketRows, now: Instant, counter: { message: number }) {
  // Merged tickets point at earlier ones only by id, so the order of ids is the order of insertion.
  const ordered = castTickets.toSorted(
    (a, b) => Number(a.mergedInto !== undefined) - Number(b.mergedInto !== undefined),
  )
  for (const ticket of ordered) {
    const requester = member(ticket.by)
    const agent = agentFor(requester.country, ticket.id - 1)
    const openedAt = plusMs(now, -ticket.openedDaysAgo * dayMs)
    const closedAt =
      ticket.closedDaysAgo === undefined ? null : plusMs(now, -ticket.closedDaysAgo * dayMs + 5 * 3_600_000)
    const impact = 1 + (ticket.id % 3)
    const urgency = 1 + (ticket.id % 2)
    rows.ticket(
      ticket.id,
      ticketReference(ticket.id, openedAt),
      requester.customerId,
      requester.companyId,
      agent.id,
      ticket.channel,
      ticket.category,
      impact,
      urgency,
      priority(impact, urgency),
      ticket.status,
      ticket.mergedInto ?? null,
      ticket.subject,
      ticket.callback ?? null,
      ticket.resolution ?? null,
      openedAt,
      closedAt,
    )
    around(rows, ticket, requester.customerId ?? 0, agent.id, openedAt)
    ticket.messages.forEach((message, i) =>
      castMessage(
        rows,
        { ticket, message, agent: agent.id, closedAt, id: ++counter.message },
        plusMs(openedAt, i * 3_600_000),
      ),
    )
    yield
  }
}

function around(rows: TicketRows, ticket: CastTicket, customer: number, agent: number, openedAt: Instant) {
  for (const cc of ticket.cc ?? [])
    rows.participant(ticket.id, cc.who ? member(cc.who).customerId : null, cc.address, openedAt)
  const s = ticket.session
  if (!s) return
  const startedAt = plusMs(openedAt, 7_200_000)
  rows.remoteSession(
    ticket.id,
    customer,
    agent,
    s.user,
    s.ip,
    s.host,
    startedAt,
    plusMs(startedAt, 1_500_000),
  )
}

function castMessage(
  rows: TicketRows,
  of: { ticket: CastTicket; message: CastMessage; agent: number; closedAt: Instant | null; id: number },
  sentAt: Instant,
) {
  const { ticket, message, id } = of
  const author = message.by === 'agent' ? null : member(message.by)
  rows.message(
    id,
    ticket.id,
    author ? 'customer' : 'agent',
    author?.customerId ?? null,
    author ? null : of.agent,
    message.from ?? null,
    message.html ? 'html' : 'text',
    message.body,
    sentAt,
    of.closedAt,
  )
  const file = message.attach
  if (!file) return
  const text = file.text ?? null
  rows.attachment(
    id,
    file.name,
    text === null ? 'image/png' : 'text/plain',
    text,
    text === null ? onePixelPng : null,
    sentAt,
    of.closedAt,
  )
}
