import type { Country } from './cast.ts'
import type { Sink } from './sink.ts'

/** The inserts of the ticket store, one for each table. */
export const ticketRows = (sink: Sink) => ({
  company: sink.into('companies', 'id, name, country, city, email, switchboard'),
  agent: sink.into('agents', 'id, name, email, team'),
  customer: sink.into(
    'customers',
    'id, number, company_id, name, email, phone, language, city, notes, portal_password, created_at',
  ),
  ticket: sink.into(
    'tickets',
    'id, reference, requester_id, company_id, agent_id, channel, category, impact, urgency, priority, status, merged_into, subject, callback, resolution, opened_at, closed_at',
  ),
  participant: sink.into('participants', 'ticket_id, customer_id, address, added_at'),
  message: sink.into(
    'messages',
    'id, ticket_id, author, customer_id, agent_id, from_address, format, body, sent_at, archived_at',
  ),
  attachment: sink.into(
    'attachments',
    'message_id, file_name, media_type, text, content, added_at, archived_at',
  ),
  remoteSession: sink.into(
    'remote_sessions',
    'ticket_id, customer_id, agent_id, user_name, ip_address, host_name, started_at, ended_at',
  ),
})
export type TicketRows = ReturnType<typeof ticketRows>

export interface Agent {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly country: Country
}

/** Staff, two for each language. */
export const agents: readonly [Agent, ...Agent[]] = [
  { id: 1, name: 'Hanneke Postma', email: 'h.postma@servicedesk.example', country: 'NL' },
  { id: 2, name: 'Rik Terpstra', email: 'r.terpstra@servicedesk.example', country: 'NL' },
  { id: 3, name: 'Lise Dahl', email: 'l.dahl@servicedesk.example', country: 'DK' },
  { id: 4, name: 'Torben Friis', email: 't.friis@servicedesk.example', country: 'DK' },
  { id: 5, name: 'Moira Quill', email: 'm.quill@servicedesk.example', country: 'GB' },
  { id: 6, name: 'Desmond Pike', email: 'd.pike@servicedesk.example', country: 'GB' },
]

/** One of the two who speak the country's language; never a miss, as both are there. */
export const agentFor = (country: Country, which: number): Agent =>
  agents.filter((agent) => agent.country === country)[which % 2] ?? agents[0]

/** Impact and urgency from 1 (high) to 3 (low), as service management computes priority from them. */
export const priority = (impact: number, urgency: number): string =>
  (['critical', 'high', 'normal', 'low', 'low'] as const)[impact + urgency - 2] ?? 'low'

export const customerNumber = (id: number): string => `C-${String(id).padStart(6, '0')}`
export const ticketReference = (id: number, openedAt: string): string =>
  `T${openedAt.slice(2, 4)}-${String(id).padStart(7, '0')}`

/** A picture of one pixel: the smallest attachment that is what it says. */
export const onePixelPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
