import { localDateAt } from '../base/calendar.ts'
import type { LocalDate } from '../base/instant.ts'
import type { PurgeDeps } from '../engine/purge/deps.ts'
import { suspensions } from '../engine/purge/excluded.ts'
import { type Survey, surveyPurge } from '../engine/purge/survey.ts'
import type { Database } from '../ops/db/database.ts'
import { isApproved } from './approve.ts'
import { ruleNamed, type Rules } from './rules.ts'
import { specOf } from './spec.ts'

export interface Preview extends Survey {
  readonly ruleId: string
  readonly version: string
  readonly approved: boolean
  /** The day it is reckoned for, in the rule's zone, and the last day a record may have begun on to be due then. */
  readonly on: LocalDate
  readonly lastStart: LocalDate
}

/**
 * What a rule would do today, or on a day given (Art. 5(1)(e)): counts, reasons, months. It cannot write: it is handed
 * connections that refuse to. Holds and freezes are those of now. Throws `not_found` for an unknown rule.
 */
export async function previewRule(
  deps: PurgeDeps,
  db: Pick<Database, 'read'>,
  input: { readonly ruleId: string; readonly on?: LocalDate },
  rules: Rules,
  signal?: AbortSignal,
): Promise<Preview> {
  const rule = ruleNamed(rules, input.ruleId)
  const { now, approved, suspended } = await db.read(async (reader) => ({
    now: reader.now,
    approved: await isApproved(reader, rule.id, rule.version),
    suspended: await suspensions(reader),
  }))
  const on = input.on ?? localDateAt(now, rule.timezone)
  const spec = specOf(rule, rules, { day: on })
  const survey = await surveyPurge(deps, spec, suspended, signal)
  return { ruleId: rule.id, version: rule.version, approved, on, lastStart: spec.lastStart, ...survey }
}
