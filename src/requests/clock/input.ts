import { z } from 'zod'
import { parseLocalDate } from '../../base/calendar.ts'
import { LetheError } from '../../base/errors.ts'
import { type Instant, type LocalDate, parseInstant } from '../../base/instant.ts'
import { rights } from '../../base/right.ts'
import { yamlDate, yamlParsed, yamlTimeZone } from '../../base/yaml-types.ts'
import { findingsOf } from '../../base/yaml-words.ts'
import { complaintDeadline } from './complaint.ts'
import { computeDeadline } from './deadline.ts'
import type { RulePacks } from './load.ts'
import type { Asked, Deadline } from './types.ts'

const received = yamlParsed((text): Instant | LocalDate =>
  text.length === 10 ? parseLocalDate(text) : parseInstant(text),
)

/** `[asked, answered]`; an answer still missing is left out or null. */
const span = z
  .tuple(
    [yamlDate, yamlDate.nullish()],
    'is not [asked, answered], two days such as ["2026-03-02", "2026-03-12"]',
  )
  .transform(([asked, answered]): Asked => ({ asked, answered: answered ?? undefined }))

const oneOrMany = (value: unknown): unknown =>
  Array.isArray(value) && value.length > 0 && value.every((v) => typeof v === 'string') ? [value] : value

/** What `lethe deadline -` reads, one JSON object a line; the option names are the same. */
export const deadlineInputSchema = z.strictObject({
  regime: z.string().describe('NL, DK, GB, GB-EAW, GB-SCT, GB-NIR or ZA.'),
  received: received.describe('A moment with offset, or a local day.'),
  right: z.enum([...rights, 'complaint']).default('access'),
  extended: z.boolean().nullish(),
  extendedOn: yamlDate.nullish().describe('The day of the notice of extension.'),
  identity: span.nullish(),
  authority: span.nullish(),
  fee: span.nullish(),
  clarification: z.preprocess(oneOrMany, z.array(span).nullish()),
  euSuspension: z.enum(['none', 'edpb']).nullish(),
  ukPauseCounting: z.enum(['inclusive', 'conservative']).nullish(),
  timezone: yamlTimeZone.nullish(),
})

/**
 * Computes and explains one statutory date from the JSON of `lethe deadline`. Throws `invalid` for JSON of another
 * shape or an unknown regime, `refused` where the law knows no such period or extension.
 */
export function deadlineFromJson(json: unknown, packs: RulePacks): Deadline {
  const parsed = deadlineInputSchema.safeParse(json)
  if (!parsed.success)
    throw new LetheError(
      'invalid',
      findingsOf(parsed.error, deadlineInputSchema, json)
        .map((f) => f.message)
        .join('; '),
      {
        hint: 'Expected {regime, received, right, extended, identity:[A,B], clarification:[[A,B]], fee:[A,B], euSuspension}.',
      },
    )
  const { data } = parsed
  const regime = packs.regime(data.regime)
  if (data.right === 'complaint') return complaintDeadline(regime, data.received, data.timezone ?? undefined)
  return computeDeadline(regime, {
    received: data.received,
    right: data.right,
    timeZone: data.timezone ?? undefined,
    extended: data.extendedOn ? { on: data.extendedOn } : (data.extended ?? false),
    identity: data.identity ?? undefined,
    authority: data.authority ?? undefined,
    fee: data.fee ?? undefined,
    clarification: data.clarification ?? [],
    euSuspension: data.euSuspension ?? 'none',
    ukPauseCounting: data.ukPauseCounting ?? 'inclusive',
  })
}
