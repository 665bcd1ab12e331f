import type { RequestRight, Status } from '../../requests/types.ts'
import type { TimelineEntry } from '../../requests/types.ts'
import { badge, type Html, type Tone } from '../html.ts'

/** The console's words for what the rooms call by their short names. */
export const statusWords: Readonly<Record<Status, readonly [Tone, string]>> = {
  unverified: ['quiet', 'waits for proof'],
  searching: ['river', 'searching'],
  'to-decide': ['soon', 'to decide'],
  'to-approve': ['soon', 'to approve'],
  fulfilling: ['river', 'at work'],
  ready: ['good', 'answered'],
  closed: ['quiet', 'closed'],
  refused: ['quiet', 'refused'],
  withdrawn: ['quiet', 'withdrawn'],
  attention: ['late', 'needs a look'],
}

export const statusBadge = (status: Status): Html => badge(...statusWords[status])

export const rightWords: Readonly<Record<RequestRight, string>> = {
  access: 'Access (Art. 15)',
  erasure: 'Erasure (Art. 17)',
}

export const channelWords = {
  portal: 'portal',
  phone: 'telephone',
  letter: 'letter',
  desk: 'desk',
  email: 'e-mail',
} as const

export const proofWords = { code: 'code by mail', link: 'link by mail', officer: 'an officer' } as const

export function daysBadge({
  daysLeft,
  overdue,
}: {
  readonly daysLeft: number
  readonly overdue: boolean
}): Html {
  if (overdue) return badge('late', `${-daysLeft} ${days(-daysLeft)} late`)
  if (daysLeft === 0) return badge('late', 'today')
  return badge(daysLeft <= 5 ? 'soon' : 'good', `${daysLeft} ${days(daysLeft)} left`)
}

export const days = (n: number): string => (n === 1 ? 'day' : 'days')

const events: Readonly<Record<string, string>> = {
  'request.received': 'Request received',
  'request.verified': 'Identity proved',
  'request.decided': 'Decided',
  'request.approved': 'Plan approved',
  'request.voided': 'Decision or approval made void',
  'request.extended': 'Period extended',
  'request.paused': 'Question asked',
  'request.resumed': 'Answer noted',
  'request.withdrawn': 'Withdrawn',
  'request.closed': 'Closed',
  'request.answered': 'Answered',
  'request.retried': 'Tried again',
  'request.stopped': 'Stopped',
  'engine.ordered': 'Order placed',
  'engine.identified': 'Search begins',
  'engine.planned': 'Plan drawn',
  'engine.started': 'Work begins',
  'engine.collected': 'Copied from a store',
  'engine.others': 'Said what becomes of others in the copy',
  'engine.batch': 'Rows changed in a store',
  'engine.verified': 'Stores read again',
  'engine.done': 'Work done',
  'engine.closed': 'Order closed',
  'retention.approved': 'Rule approved',
  'retention.waiting': 'Rule waits for approval',
  'retention.started': 'Run began',
  'retention.batch': 'Records gone',
  'retention.done': 'Run done',
  'retention.certified': 'Certificate written',
  'hold.placed': 'Hold placed',
  'hold.lifted': 'Hold lifted',
  'officer.added': 'Officer added',
  'officer.signed-in': 'Signed in',
  'officer.signed-out': 'Signed out',
  'officer.signed-out-everywhere': 'Signed out everywhere',
  'officer.role-set': 'Role changed',
  'officer.disabled': 'Shut out',
  'officer.enabled': 'Let in again',
  'officer.password-set': 'Password set',
  'officer.link-made': 'One-time link made',
  'officer.tries-used-up': 'Too many wrong sign-ins',
  'token.created': 'Token made',
  'token.revoked': 'Token revoked',
  'ledger.key-made': 'Signing key made',
  'ledger.key-rotated': 'Signing key replaced',
  'ledger.forgotten': 'Entries forgotten',
  'package.built': 'Package made and sealed',
  'package.opened': 'Package handed over',
  'package.destroyed': 'Package destroyed',
}

/** What a ledger entry says, for people; an unknown type stands as it is. */
export function eventWords({ type, body }: Pick<TimelineEntry, 'type' | 'body'>): string {
  const what = events[type] ?? type
  const more = ['outcome', 'ground', 'dueDate', 'because', 'code', 'why', 'how'].flatMap((key) => {
    const value = body[key]
    return typeof value === 'string' ? [key === 'dueDate' ? `due ${value}` : value] : []
  })
  return more.length > 0 ? `${what}: ${more.map((word) => word.replaceAll('_', ' ')).join(', ')}` : what
}

/** Why a record that was due stays. */
export const keptWords: Readonly<Record<string, string>> = {
  hold: 'legal hold',
  restriction: 'restricted (Art. 18)',
  freeze: 'open access request',
  ground: 'kept on a ground of the data map',
  rule: 'something below it is not due yet',
  referenced: 'other records point at it',
  file: 'its file lies outside the folder',
  constraint: 'the store refused',
}
