import { z } from 'zod'
import { weekdayNames } from './rest.ts'
import { rights } from '../../base/right.ts'
import { yamlDate, yamlDuration, yamlParsed, yamlTimeZone, yamlWords } from '../../base/yaml-types.ts'
import { moves, parseHolidayRule } from './holidays.ts'

/*
 * The file kind `regime`: one rule pack under policies/regimes. A pack is a body of law with its versions by date, and
 * the regimes (places) where it is applied. Every number the clock uses stands in such a file, with its source.
 */

const text = z.string().min(1)
const year = z.int().min(1583).max(4000)

const period = z.strictObject({
  rights: z.array(z.enum(rights)).min(1).describe('The rights this period holds for.'),
  answer: yamlDuration.describe('From the start to the last day for the answer: P1M, 30 days.'),
  extended: yamlDuration.optional().describe('The same after a valid extension, counted from the start too.'),
  cite: text.describe('Where it is written.'),
  note: text.optional().describe('What an officer should know beyond the date.'),
})

const version = z.strictObject({
  from: yamlDate.describe('For requests received on this day or later.'),
  periods: z.array(period).min(1),
  extension: z.strictObject({ when: text, notice: text, cite: text }),
  starts: z
    .strictObject({ identity: text.optional(), fee: text.optional(), authority: text.optional() })
    .describe('Later events from which the period runs, each with its source.'),
  pause: z
    .strictObject({ rights: z.array(z.enum(rights)).min(1), cite: text })
    .optional()
    .describe('Rights for which the days of a clarification do not count.'),
  suspension: z
    .strictObject({ edpb: text })
    .optional()
    .describe('A suspension a policy may choose; off by default.'),
  restDays: z.strictObject({ days: z.array(z.enum(weekdayNames)).min(1), cite: text }),
})

const holiday = z
  .strictObject({
    name: text,
    rule: yamlParsed(parseHolidayRule).describe('05-05, easter+39, last monday of may or 2026-06-15.'),
    moved: z.enum(moves).optional(),
    from: year.optional(),
    until: year.optional(),
    except: z.array(year).optional(),
  })
  .describe('A holiday by the rule of its statute.')

const regime = z.strictObject({
  also: z.array(text).optional().describe('Other names of this regime.'),
  timezone: yamlTimeZone.describe('In which a moment becomes a day; a controller may set its own.'),
  authority: z.strictObject({
    name: text,
    address: z.array(text).min(1),
    url: z.url({ protocol: /^https$/ }),
    phone: text,
    email: z.email().optional(),
  }),
  court: yamlWords.describe('The way to a court, as a refusal tells it (Art. 12(4)).'),
  holidays: z.strictObject({
    years: z
      .tuple([year, year])
      .describe('First and last year that is known; outside it nothing is guessed.'),
    days: z.array(holiday),
  }),
})

const complaint = z.strictObject({ acknowledge: yamlDuration, from: yamlDate, cite: text })

export const packSchema = z.strictObject({
  pack: z.string().regex(/^[a-z][a-z0-9-]*$/, 'is not a pack name: lower-case letters, digits, hyphens'),
  extends: text.optional().describe('A pack whose law and versions this one takes over.'),
  title: yamlWords,
  law: yamlWords.optional(),
  versions: z.array(version).min(1).optional(),
  complaint: complaint
    .optional()
    .describe('A period in which a complaint to the controller is acknowledged.'),
  regimes: z
    .record(z.string().regex(/^[A-Z][A-Z-]+$/, 'is not a regime name: write NL or GB-EAW'), regime)
    .optional(),
})

export type Pack = z.output<typeof packSchema>
export type Version = z.output<typeof version>
export type Period = z.output<typeof period>
export type Authority = Regime['authority']
export type RegimeRules = z.output<typeof regime>

/** One place's law as the clock uses it: a regime of a pack, with what the pack extends worked in. */
export interface Regime extends RegimeRules {
  /** `NL`, `DK`, `GB-EAW`, `GB-SCT`, `GB-NIR`, `ZA`. */
  readonly name: string
  /** `nl`, `uk-gdpr`. */
  readonly pack: string
  readonly title: z.output<typeof yamlWords>
  readonly law: z.output<typeof yamlWords>
  readonly versions: readonly Version[]
  readonly complaint: z.output<typeof complaint> | undefined
  /** SHA-256 of all that decides a date here, hex: tells two editions of one version apart. */
  readonly digest: string
}
