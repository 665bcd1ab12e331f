/** What an officer of this service may be. */
export const roles = ['officer', 'approver', 'auditor', 'admin'] as const
export type Role = (typeof roles)[number]

export const actions = [
  'request.read',
  'request.add',
  'request.verify',
  'request.decide',
  'request.approve',
  'request.work', // extend, pause, resume, withdraw, close, hand over a package
  'retention.read',
  'retention.run',
  'hold.read',
  'hold.place',
  'hold.lift',
  'map.read',
  'suppression.read',
  'ledger.read',
  'token.manage', // one's own
  'officer.manage',
] as const
export type Action = (typeof actions)[number]

const reads: readonly Action[] = [
  'request.read',
  'retention.read',
  'hold.read',
  'map.read',
  'suppression.read',
  'ledger.read',
]
const daily: readonly Action[] = [
  ...reads,
  'request.add',
  'request.verify',
  'request.decide',
  'request.work',
  'hold.place',
  'token.manage',
]

/**
 * Who may do what, as one table. That approver and decider are two people is not here: the request knows who decided, and
 * refuses the same one.
 */
const table: Readonly<Record<Role, ReadonlySet<Action>>> = {
  officer: new Set(daily),
  approver: new Set([...daily, 'request.approve', 'retention.run', 'hold.lift']),
  auditor: new Set(reads),
  admin: new Set(actions),
}

export const may = (role: Role, action: Action): boolean => table[role].has(action)

export const isRole = (word: string): word is Role => (roles as readonly string[]).includes(word)

/** What a token may be given: the actions themselves, but those that want a person at the keys. */
export const scopes = actions.filter(
  (action): action is Scope => action !== 'token.manage' && action !== 'officer.manage',
)
export type Scope = Exclude<Action, 'token.manage' | 'officer.manage'>
export const isScope = (word: string): word is Scope => (scopes as readonly string[]).includes(word)
