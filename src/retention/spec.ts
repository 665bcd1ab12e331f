import { localDateAt } from '../base/calendar.ts'
import { latestEndedStart } from '../base/duration.ts'
import type { Instant, LocalDate } from '../base/instant.ts'
import type { Ended, PurgeSpec } from '../engine/purge/tables.ts'
import type { RetentionRule, Rules } from './rules.ts'

/** What a rule's period has run out for on the day it is at `now` in the rule's zone, or on the day given. */
export function endedOn(
  rule: RetentionRule,
  on: Instant | { readonly day: LocalDate },
): Ended & { readonly today: LocalDate } {
  const today = typeof on === 'string' ? localDateAt(on, rule.timezone) : on.day
  return {
    collection: rule.collection.id,
    where: rule.where,
    from: rule.from,
    lastStart: latestEndedStart(rule.keep, today),
    zone: rule.timezone,
    today,
  }
}

/**
 * A rule as the engine takes it, with the periods of all other data: what hangs on a purged row goes with it only when its
 * own period is over, and data that a person must review never goes along by itself.
 */
export function specOf(
  rule: RetentionRule,
  rules: Rules,
  on: Instant | { readonly day: LocalDate },
): PurgeSpec {
  const others = rules.filter((other) => other.collection.id !== rule.collection.id)
  return {
    ...endedOn(rule, on),
    action: rule.then,
    others: others.map((other): Ended => {
      const { today: _, ...ended } = endedOn(other, on)
      return other.then === 'review' ? { ...ended, lastStart: '0001-01-01' as LocalDate } : ended
    }),
  }
}
