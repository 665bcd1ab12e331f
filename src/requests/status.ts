import { LetheError, never } from '../base/errors.ts'
import type { Case } from './case.ts'
import type { Status } from './types.ts'

/** How a case stands, from its rows alone. Time does not change it: whether it is late, `clockOf` says. */
export function statusOf(file: Case): Status {
  const [ending] = file.endings
  if (ending) return ending.how
  if (file.verifications.length === 0) return 'unverified'
  if (file.answers.length > 0) return 'ready'
  const last = file.events.at(-1)?.event ?? 'replan'
  switch (last) {
    case 'replan':
      return 'searching'
    case 'run':
    case 'done':
      return 'fulfilling'
    case 'stopped':
      return 'attention'
    case 'planned':
    case 'drifted':
      return plannedStatus(file)
    default:
      return never(last)
  }
}

/** A plan stands: who must look at it? */
function plannedStatus(file: Case): Status {
  if (!decisionOf(file)) return 'to-decide'
  return file.request.right === 'erasure' && !approvalOf(file) ? 'to-approve' : 'fulfilling'
}

/** The decision in force. */
export const decisionOf = (file: Case): Case['decisions'][number] | undefined =>
  file.decisions.findLast((row) => counts(file, row.id))

/** The approval in force; one of a decision that does not count any more counts no more either. */
export const approvalOf = (file: Case): Case['approvals'][number] | undefined =>
  file.approvals.findLast((row) => counts(file, row.id) && decisionOf(file)?.id === row.decisionId)

const counts = (file: Case, id: string): boolean => !file.voids.some((row) => row.targetId === id)

/** The pause the clock stands in now. */
export const openPauseOf = (file: Case): Case['pauses'][number] | undefined =>
  file.pauses.find((pause) => !file.resumptions.some((row) => row.pauseId === pause.id))

/** Throws `conflict` unless the case stands in one of these. */
export function expectStatus(file: Case, wanted: readonly Status[]): Status {
  const status = statusOf(file)
  if (wanted.includes(status)) return status
  throw new LetheError(
    'conflict',
    `the request is "${status}", expected ${wanted.map((s) => `"${s}"`).join(' or ')}`,
    {
      hint: 'Somebody else was quicker, or it is too early: look at the request again.',
    },
  )
}

export const openStatuses: readonly Status[] = [
  'unverified',
  'searching',
  'to-decide',
  'to-approve',
  'fulfilling',
  'ready',
  'attention',
]
