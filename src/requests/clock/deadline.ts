import { addDays, endOfDay, laterOf, localDateAt } from '../../base/calendar.ts'
import { addDuration, type Duration, durationWords } from '../../base/duration.ts'
import { LetheError } from '../../base/errors.ts'
import type { Instant, LocalDate, TimeZone } from '../../base/instant.ts'
import type { Right } from '../../base/right.ts'
import type { Period, Regime, Version } from './pack.ts'
import { excludedDays } from './pauses.ts'
import { type RestDays, restDaysOf } from './rest.ts'
import type { Asked, Deadline, DeadlineInput, PauseCounting, Step } from './types.ts'

export const targetWorkingDays = 5

/** At 24:00 local of the due date and later, not a moment before. */
export const isOverdue = (deadline: Pick<Deadline, 'dueAt'>, now: Instant): boolean => now >= deadline.dueAt

/**
 * The statutory date of one request with its arithmetic (Art. 12(3); law by law, see policies/regimes). All dates are
 * local days of the controller's zone. Pure: the same input and pack give the same answer on any machine, at any time.
 * Throws `invalid` for an answer before its question or a receipt before the first version, `refused` for an extension
 * the law does not know or that was announced too late.
 */
export function computeDeadline(regime: Regime, input: DeadlineInput): Deadline {
  const zone = input.timeZone ?? regime.timezone
  const receivedOn = dayOf(input.received, zone)
  const version = versionAt(regime, receivedOn)
  const period = periodOf(regime, version, input.right)
  checkOrder(input)
  const rest = restDaysOf(version.restDays.days, regime.holidays)
  const steps: Step[] = [
    { rule: 'received', text: receivedText(input.received, zone, receivedOn), date: receivedOn },
  ]

  const start = startOf(version, input, receivedOn, steps)
  const run = (length: Duration, eu: 'none' | 'edpb', counting: PauseCounting, log?: Step[]): LocalDate =>
    runOut({ version, input, rest, start, eu, counting, log }, addDuration(start, length))
  const counting = input.ukPauseCounting ?? 'inclusive'
  const euSuspension = input.euSuspension ?? 'none'

  const noticeBy = period.extended ? run(period.answer, 'none', counting) : null
  const length = input.extended ? extendedLength(regime, period, input, noticeBy) : period.answer
  steps.push(periodStep(version, period, length, start, input))
  const dueDate = run(length, euSuspension, counting, steps)
  const hardDate = run(length, 'none', counting)
  const targetDate = laterOf(receivedOn, rest.before(run(length, 'none', 'conservative'), targetWorkingDays))

  const waitingFor = waitsFor(version, input)
  for (const what of waitingFor) steps.push(waitingStep(what, dueDate))
  if (period.note !== undefined)
    steps.push({ rule: 'note', text: `${period.note} (${period.cite})`, date: dueDate })
  steps.push(...closing({ dueDate, hardDate, targetDate, noticeBy }, version))
  return {
    regime: regime.name,
    dueDate,
    hardDate,
    targetDate,
    extensionNoticeBy: noticeBy,
    dueAt: endOfDay(dueDate, zone),
    packVersion: `${regime.pack}@${version.from}`,
    packDigest: regime.digest,
    calendarKnown: [dueDate, hardDate, targetDate, noticeBy ?? dueDate].every((date) => rest.known(date)),
    waitingFor,
    steps,
  }
}

export const dayOf = (received: Instant | LocalDate, zone: TimeZone): LocalDate =>
  received.length === 10 ? (received as LocalDate) : localDateAt(received as Instant, zone)

const receivedText = (received: Instant | LocalDate, zone: TimeZone, day: LocalDate): string =>
  received.length === 10
    ? `received on ${day}`
    : `received at ${received}, which is ${day} in ${zone}; that day is not counted`

/** The law in force on the day of receipt. */
export function versionAt(regime: Regime, day: LocalDate): Version {
  const found = regime.versions.findLast((version) => version.from <= day)
  if (found) return found
  throw new LetheError(
    'invalid',
    `the rules of ${regime.name} are known from ${regime.versions[0]?.from} on, not for ${day}`,
    {
      hint: 'Check the date of receipt.',
    },
  )
}

function periodOf(regime: Regime, version: Version, right: Right): Period {
  const found = version.periods.find((period) => period.rights.includes(right))
  if (found) return found
  throw new LetheError('invalid', `the rules of ${regime.name} have no period for ${right}`, {
    hint: `Add it to the pack ${regime.pack}, version ${version.from}.`,
  })
}

function checkOrder(input: DeadlineInput): void {
  const all = [input.identity, input.authority, input.fee, ...(input.clarification ?? [])]
  for (const span of all)
    if (span?.answered !== undefined && span.answered < span.asked)
      throw new LetheError(
        'invalid',
        `the answer of ${span.answered} is before its question of ${span.asked}`,
        {
          hint: 'Write the day of the question first.',
        },
      )
}

const startWords = {
  identity: 'proof of identity was received',
  authority: 'proof of authority was received',
  fee: 'the fee was paid',
} as const
const startKinds = ['identity', 'authority', 'fee'] as const

/** The day from which the period runs: the latest of receipt and what the law names besides. */
function startOf(version: Version, input: DeadlineInput, receivedOn: LocalDate, steps: Step[]): LocalDate {
  let start = receivedOn
  for (const kind of startKinds) {
    const answered = input[kind]?.answered
    const cite = version.starts[kind]
    if (answered === undefined || cite === undefined || answered <= start) continue
    start = answered
    steps.push({
      rule: 'start',
      text: `the period runs from the day on which ${startWords[kind]} (${cite})`,
      date: start,
    })
  }
  return start
}

function extendedLength(
  regime: Regime,
  period: Period,
  input: DeadlineInput,
  noticeBy: LocalDate | null,
): Duration {
  if (!period.extended || noticeBy === null)
    throw new LetheError('refused', `the law of ${regime.name} knows no extension for ${input.right}`, {
      hint: `See ${period.cite}. Answer within the first period.`,
    })
  if (typeof input.extended === 'object' && input.extended.on > noticeBy)
    throw new LetheError('refused', `an extension announced on ${input.extended.on} is too late`, {
      hint: `The notice had to reach the person by ${noticeBy}. Answer within the first period.`,
    })
  return period.extended
}

function periodStep(
  version: Version,
  period: Period,
  length: Duration,
  start: LocalDate,
  input: DeadlineInput,
): Step {
  const date = addDuration(start, length)
  const clamped = length.days === 0 && date.slice(8) !== start.slice(8)
  const how = `${durationWords(length, 'en')} from ${start}${clamped ? ', the last day of a shorter month' : ''}`
  return input.extended
    ? { rule: 'extension', text: `extended: ${how} (${version.extension.cite})`, date }
    : { rule: 'period', text: `${how} (${period.cite})`, date }
}

interface Run {
  readonly version: Version
  readonly input: DeadlineInput
  readonly rest: RestDays
  readonly start: LocalDate
  readonly eu: 'none' | 'edpb'
  readonly counting: PauseCounting
  readonly log: Step[] | undefined
}

/** From the raw end of the period to the last day: days that do not count, then off a day of rest. */
function runOut({ version, input, rest, start, eu, counting, log }: Run, raw: LocalDate): LocalDate {
  let deadline = raw
  for (const { days, rule, cite } of excludedDays(version, input, start, eu, counting)) {
    let counted = 0
    for (const day of days)
      if (day <= deadline) {
        deadline = addDays(deadline, 1)
        counted++
      }
    const text = `${counted} day${counted === 1 ? ' does' : 's do'} not count (${cite})`
    if (counted > 0) log?.push({ rule, text, date: deadline })
  }
  const rolled = rest.next(deadline)
  for (let day = deadline; day < rolled; day = addDays(day, 1))
    log?.push({
      rule: 'rest-day',
      text: `${day} is ${rest.why(day)}: on to the next day (${version.restDays.cite})`,
      date: addDays(day, 1),
    })
  if (!rest.known(rolled))
    log?.push({
      rule: 'calendar-unknown',
      text: `the holidays of ${rolled.slice(0, 4)} are not known: only weekdays were looked at`,
      date: rolled,
    })
  return rolled
}

function waitsFor(version: Version, input: DeadlineInput): Deadline['waitingFor'] {
  const open = (span: Asked | undefined): boolean => span !== undefined && span.answered === undefined
  const paused =
    version.pause?.rights.includes(input.right) || (version.suspension && input.euSuspension === 'edpb')
  const kinds: ('identity' | 'authority' | 'fee' | 'clarification')[] = startKinds.filter(
    (kind) =>
      open(input[kind]) &&
      (version.starts[kind] !== undefined ||
        (kind === 'identity' && version.suspension && input.euSuspension === 'edpb')),
  )
  if (paused && input.clarification?.some(open)) kinds.push('clarification')
  return kinds
}

const waitingStep = (what: Deadline['waitingFor'][number], date: LocalDate): Step => ({
  rule: 'waiting',
  text: `still waiting for ${what}: the dates stand as if nothing had been asked, and move when it arrives`,
  date,
})

function closing(
  dates: { dueDate: LocalDate; hardDate: LocalDate; targetDate: LocalDate; noticeBy: LocalDate | null },
  version: Version,
): Step[] {
  const { dueDate, hardDate, targetDate, noticeBy } = dates
  const steps: Step[] = [{ rule: 'due', text: 'last day for the answer, until 24:00 local', date: dueDate }]
  if (hardDate !== dueDate)
    steps.push({ rule: 'hard', text: 'last day if the suspension is not accepted', date: hardDate })
  steps.push({
    rule: 'target',
    text: `own target: ${targetWorkingDays} working days earlier`,
    date: targetDate,
  })
  if (noticeBy !== null)
    steps.push({
      rule: 'extension-notice',
      text: `last day to announce an extension (${version.extension.notice}; ${version.extension.cite})`,
      date: noticeBy,
    })
  return steps
}
