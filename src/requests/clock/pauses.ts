import { addDays } from '../../base/calendar.ts'
import type { LocalDate } from '../../base/instant.ts'
import type { Version } from './pack.ts'
import type { Asked, DeadlineInput, PauseCounting } from './types.ts'

export interface Excluded {
  readonly rule: 'pause' | 'suspension'
  readonly cite: string
  /** Ascending, each once, all after the start of the period. */
  readonly days: readonly LocalDate[]
}

/**
 * Days that do not count towards the period. A statutory pause: every day from the question to the answer, for the
 * rights it holds for. The EU suspension, where chosen: the days after the question, up to and including the answer,
 * for proof of identity and clarification. A question still open excludes nothing yet.
 */
export function excludedDays(
  version: Version,
  input: DeadlineInput,
  start: LocalDate,
  eu: 'none' | 'edpb',
  counting: PauseCounting,
): Excluded[] {
  const clarification = input.clarification ?? []
  const excluded: Excluded[] = []
  if (version.pause?.rights.includes(input.right)) {
    const spans = clarification.flatMap((span) => within(span, 0, counting === 'inclusive' ? 0 : -1))
    excluded.push({ rule: 'pause', cite: version.pause.cite, days: merged(spans, start) })
  }
  if (version.suspension && eu === 'edpb') {
    const spans = [input.identity, ...clarification].flatMap((span) => (span ? within(span, 1, 0) : []))
    excluded.push({ rule: 'suspension', cite: version.suspension.edpb, days: merged(spans, start) })
  }
  return excluded
}

function within({ asked, answered }: Asked, fromOffset: number, toOffset: number): LocalDate[] {
  if (answered === undefined) return []
  const days: LocalDate[] = []
  const last = addDays(answered, toOffset)
  for (let day = addDays(asked, fromOffset); day <= last; day = addDays(day, 1)) days.push(day)
  return days
}

const merged = (days: readonly LocalDate[], start: LocalDate): LocalDate[] =>
  [...new Set(days)].filter((day) => day > start).sort()
