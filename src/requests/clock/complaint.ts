import { addDays, endOfDay, laterOf } from '../../base/calendar.ts'
import { addDuration, durationWords } from '../../base/duration.ts'
import { LetheError } from '../../base/errors.ts'
import type { Instant, LocalDate, TimeZone } from '../../base/instant.ts'
import { dayOf, targetWorkingDays, versionAt } from './deadline.ts'
import type { Regime } from './pack.ts'
import { restDaysOf } from './rest.ts'
import type { Deadline, Step } from './types.ts'

/**
 * By when a complaint to the controller must be acknowledged (UK: DPA 2018 s. 164A, 30 days, rolled off weekends and
 * holidays). Dates are local days of the controller's zone. Throws `refused` where the law sets no such period.
 */
export function complaintDeadline(
  regime: Regime,
  received: Instant | LocalDate,
  timeZone?: TimeZone,
): Deadline {
  const zone = timeZone ?? regime.timezone
  const receivedOn = dayOf(received, zone)
  const rule = regime.complaint
  if (!rule || receivedOn < rule.from)
    throw new LetheError(
      'refused',
      `the law of ${regime.name} sets no period to acknowledge a complaint of ${receivedOn}`,
      {
        hint: rule ? `It does from ${rule.from} on.` : 'Answer without undue delay.',
      },
    )
  const version = versionAt(regime, receivedOn)
  const rest = restDaysOf(version.restDays.days, regime.holidays)
  const raw = addDuration(receivedOn, rule.acknowledge)
  const dueDate = rest.next(raw)
  const targetDate = laterOf(receivedOn, rest.before(dueDate, targetWorkingDays))
  const steps: Step[] = [
    { rule: 'received', text: `received on ${receivedOn}`, date: receivedOn },
    {
      rule: 'period',
      text: `${durationWords(rule.acknowledge, 'en')} to acknowledge it (${rule.cite})`,
      date: raw,
    },
  ]
  for (let day = raw; day < dueDate; day = addDays(day, 1))
    steps.push({
      rule: 'rest-day',
      text: `${day} is ${rest.why(day)}: on to the next day (${rule.cite})`,
      date: addDays(day, 1),
    })
  steps.push({ rule: 'due', text: 'last day for the acknowledgement, until 24:00 local', date: dueDate })
  return {
    regime: regime.name,
    dueDate,
    hardDate: dueDate,
    targetDate,
    extensionNoticeBy: null,
    dueAt: endOfDay(dueDate, zone),
    packVersion: `${regime.pack}@${version.from}`,
    packDigest: regime.digest,
    calendarKnown: rest.known(dueDate) && rest.known(targetDate),
    waitingFor: [],
    steps,
  }
}
