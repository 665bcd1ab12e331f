import { z } from 'zod'
import { encodings } from './model.ts'

/** The words of one field of a data map file, and those that all levels share; see schema.ts. */
export const text = z.string()
export const key = text.regex(/^[a-zA-Z0-9_.<>-]+$/, {
  error: (issue) => `"${issue.input}" is not a fides_key; use letters, digits and _ . < > - only`,
})
export const words = z
  .union([text.min(1), z.object({ en: text.min(1) }).catchall(text)])
  .describe('Words for people: one text (English), or one for each language, `en` among them.')
export const basis = z.enum([
  'consent',
  'contract',
  'legal_obligation',
  'vital_interests',
  'public_task',
  'legitimate_interests',
])
export const duration = text
  .regex(/^P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$/, {
    error: (issue) =>
      `"${issue.input}" is not a duration; write ISO 8601 in years, months, weeks or days, such as P7Y or P35D`,
  })
  .describe('ISO 8601 duration in calendar units: P35D, P3M, P7Y.')
export const categories = z.array(text).nullish().describe('Data categories of the fideslang taxonomy.')
export const anything = z.unknown()

export const maskingStrategies = [
  'null_rewrite',
  'preserve',
  'string_rewrite',
  'random_string_rewrite',
  'hash',
  'hmac',
  'aes_encrypt',
] as const

const types = ['string', 'integer', 'float', 'boolean', 'object_id', 'object'] as const

const reference = z.strictObject({
  dataset: key,
  field: text.regex(/^[^.]+\..+$/, {
    error: (issue) => `"${issue.input}" is not "collection.field"`,
  }),
  direction: z
    .enum(['from', 'to'])
    .nullish()
    .describe('from: the other field feeds this one; to: this one feeds the other; left out: both.'),
})

const pattern = text.regex(/^[^{}]*\{\}[^{}]*$/, {
  error: (issue) => `"${issue.input}" does not say where the value stands; write {} for it, as in U{}`,
})
export const mask = z.union([text, z.null()])
export const plain = z.union([text, z.number(), z.boolean()])
const listed = z.union([plain, z.null(), z.array(z.union([plain, z.null()])).min(1)])
export const values = z.record(text, listed)
/** A number that every installation gives anew, by what it stands for in the table that gives it. */
const lookup = z.strictObject({
  lookup: text.min(1).describe('Table that gives the number.'),
  where: z.record(text, listed).describe('Which of its rows: column → value or list of values.'),
  take: text.optional().describe('Its column with the number; id where it is left out.'),
})
export const rowValues = z.record(text, z.union([listed, lookup]))

const fieldMeta = z
  .strictObject({
    references: z.array(reference).nullish(),
    identity: text
      .nullish()
      .describe('Identity kind that is looked for here: email, phone_number, or any other.'),
    primary_key: z.boolean().nullish(),
    data_type: z.enum([...types, ...types.map((t) => `${t}[]` as const)]).nullish(),
    length: z.int().positive().nullish(),
    masking_strategy_override: z
      .strictObject({
        strategy: z.enum(maskingStrategies),
        configuration: z.record(text, anything).nullish(),
      })
      .nullish(),
    return_all_elements: z.boolean().nullish(),
    read_only: z.boolean().nullish(),
    custom_request_field: text.nullish(),
    redact: z.literal('name').nullish(),
  })
  .nullish()

const fieldLethe = z
  .strictObject({
    title: words.optional(),
    link: z
      .enum(['owned', 'shared', 'mentioned'])
      .optional()
      .describe('How a row that is reached through this field becomes the person’s.'),
    format: z
      .enum(['email', 'emails', 'phone', 'exact'])
      .optional()
      .describe('How values are compared; emails: a list of addresses, as in a mail header.'),
    hash: z
      .enum(['md5', 'sha1', 'sha256'])
      .optional()
      .describe('The column holds the hash of the address in lower case.'),
    as: z
      .union([pattern, z.array(pattern).min(1)])
      .optional()
      .describe('How a value of the other end of a reference is written here: U{} for U42.'),
    encoding: z
      .array(z.enum(encodings))
      .min(1)
      .optional()
      .describe('What the value is packed in, from the outside to the inside: [zlib, json].'),
    timezone: text.optional().describe('IANA zone of a time without one; left out, the store’s.'),
    joins: z
      .array(reference)
      .optional()
      .describe('As fides_meta.references, but silent where that dataset is not loaded.'),
    normalised: z
      .boolean()
      .optional()
      .describe('The store writes the normal form only, so that an index serves.'),
    text: z.literal('free').optional().describe('People write here: searched and redacted in part.'),
    secret: z.boolean().optional().describe('Never exported.'),
    erase: mask
      .optional()
      .describe('null, redact, keep, or a value that may hold {column}: erased-{id}@invalid'),
  })
  .nullish()

export interface RawField {
  readonly name: string
  readonly description?: string | null | undefined
  readonly data_categories?: readonly string[] | null | undefined
  readonly fides_meta?: z.infer<typeof fieldMeta>
  readonly fidesops_meta?: z.infer<typeof fieldMeta>
  readonly lethe?: z.infer<typeof fieldLethe>
  readonly fields?: readonly RawField[] | null | undefined
}

export const field: z.ZodType<RawField> = z
  .lazy(() =>
    z.strictObject({
      name: text.min(1),
      description: text.nullish(),
      data_categories: categories,
      fides_meta: fieldMeta,
      fidesops_meta: fieldMeta,
      lethe: fieldLethe,
      fields: z.array(field).nullish().describe('What lies inside this column.'),
    }),
  )
  .meta({ id: 'field' })
