import { z } from 'zod'
import { parseDuration } from '../base/duration.ts'
import { isLetheError } from '../base/errors.ts'
import { instantOf } from '../base/instant.ts'
import { yamlTimeZone, yamlWords } from '../base/yaml-types.ts'
import { nextSlot } from '../ops/schedules.ts'

/** Says it in the contract's words, and takes a unit only in the number that goes with it: `3 month` is a slip of `P3M` or of `1 month`. */
const keep = z
  .string()
  .superRefine((text, context) => {
    if (!isDuration(text))
      context.addIssue({ code: 'custom', message: `"${text}" is not a duration; write "P3M" or "3 months".` })
  })
  .transform((text) => (isDuration(text) ? parseDuration(text) : { months: 0, days: 0 }))
  .describe('How long: P3M or 3 months, P7Y, P35D. Calendar units, counted from the day of `from`.')

function isDuration(text: string): boolean {
  try {
    parseDuration(text)
  } catch (error) {
    if (isLetheError(error, 'invalid')) return false
    throw error
  }
  return [...text.matchAll(/(\d+) (?:year|month|week|day)(s?)/g)].every(
    ([, count, s]) => (Number(count) === 1) === (s === ''),
  )
}

const words = z
  .union([z.string().min(1), yamlWords])
  .transform((said) => (typeof said === 'string' ? { en: said } : said))
  .describe('Words for people: one text (English), or one for each language, `en` among them.')

const value = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .transform((v) => (v === null ? null : String(v)))
const values = z.union([value, z.array(value).min(1)]).transform((v) => (Array.isArray(v) ? v : [v]))
const condition = z.union([
  values.transform((is) => ({ is, not: false })),
  z.strictObject({ not: values }).transform(({ not }) => ({ is: not, not: true })),
])

const schedule = z
  .string()
  .superRefine((text, context) => {
    try {
      nextSlot(text, 'UTC', instantOf(0))
    } catch (error) {
      if (!isLetheError(error, 'invalid')) throw error
      context.addIssue({
        code: 'custom',
        message: `${error.message}; write five fields, minute first: "0 2 * * *" is every day at 02:00.`,
      })
    }
  })
  .describe('Five fields, minute first, in `timezone`: "0 2 * * *" is every day at 02:00.')

const rule = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, {
      error: (issue) => `"${issue.input}" is not an id; use small letters, digits and -`,
    })
    .describe('Unique among all rules; stands in commands, certificates and the ledger.'),
  title: words,
  data: z
    .string()
    .regex(/^[^.]+\..+$/, { error: (issue) => `"${issue.input}" is not "store.collection"` })
    .describe('What it is about: store.collection, as the data map names them.'),
  where: z
    .record(z.string(), condition)
    .optional()
    .describe('Only rows whose columns hold these values: a value, a list of them, null, or {not: …}.'),
  purpose: words,
  basis: z.enum([
    'consent',
    'contract',
    'legal_obligation',
    'vital_interests',
    'public_task',
    'legitimate_interests',
  ]),
  from: z
    .string()
    .min(1)
    .describe('The column that holds when the period begins: the end of the call, the closing of the case.'),
  keep,
  minimum: keep
    .optional()
    .describe('What a law demands at least (Art. 17(3)(b)); `keep` may not be shorter.'),
  then: z.enum(['delete', 'anonymise', 'review']),
  owner: z.string().min(1).describe('Who answers for this rule: a function, not a name.'),
  because: words.describe('Why this long and no longer; with the statute, if there is one.'),
  schedule,
  timezone: yamlTimeZone.describe('Whose days are counted: Europe/Amsterdam.'),
})

/** A file of `policies/retention/`: each type of data has exactly one rule (law.md A5 R3, DIN 66398). */
export const retentionFile = z.strictObject({ rules: z.array(rule).min(1) })
export type RawRule = z.output<typeof rule>

/** For editors: completes and checks a rules file. Names that must exist in the data map are checked when it is loaded. */
export const retentionJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(retentionFile, { io: 'input', unrepresentable: 'any' }),
  title: 'Lethe retention rules (policies/retention/*.yaml)',
})
