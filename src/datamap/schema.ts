import { z } from 'zod'

/**
 * A file of `policies/datamap/`: fideslang's dataset keys, and ours under `lethe:` at the same three levels. Only the
 * shape; what a name must refer to is checked in load.ts and graph.ts. fideslang's optional keys may be empty.
 */
const text = z.string()
const key = text.regex(/^[a-zA-Z0-9_.<>-]+$/, {
  error: (issue) => `"${issue.input}" is not a fides_key; use letters, digits and _ . < > - only`,
})
const words = z
  .union([text.min(1), z.object({ en: text.min(1) }).catchall(text)])
  .describe('Words for people: one text (English), or one for each language, `en` among them.')
const basis = z.enum([
  'consent',
  'contract',
  'legal_obligation',
  'vital_interests',
  'public_task',
  'legitimate_interests',
])
const duration = text
  .regex(/^P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$/, {
    error: (issue) =>
      `"${issue.input}" is not a duration; write ISO 8601 in years, months, weeks or days, such as P7Y or P35D`,
  })
  .describe('ISO 8601 duration in calendar units: P35D, P3M, P7Y.')
const categories = z.array(text).nullish().describe('Data categories of the fideslang taxonomy.')
const anything = z.unknown()

/** Grounds on which a row outlives an erasure: Art. 17(3), Art. 18(2), suppression, and rows that hold nothing but ids. */
export const keepGrounds = [
  'legal_obligation',
  'legal_claims',
  'public_interest',
  'public_health',
  'freedom_of_expression',
  'archiving',
  'suppression',
  'structural',
] as const

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
    format: z.enum(['email', 'phone', 'exact']).optional(),
    normalised: z
      .boolean()
      .optional()
      .describe('The store writes the normal form only, so that an index serves.'),
    text: z.literal('free').optional().describe('People write here: searched and redacted in part.'),
    secret: z.boolean().optional().describe('Never exported.'),
    erase: z
      .union([text, z.null()])
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

const field: z.ZodType<RawField> = z
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

const collectionMeta = z
  .strictObject({
    after: z.array(text).nullish(),
    erase_after: z
      .array(text)
      .nullish()
      .describe('Collections (dataset.collection) that are erased before this one.'),
    skip_processing: z.boolean().nullish(),
    masking_strategy_override: z
      .strictObject({ strategy: z.literal('delete'), configuration: z.record(text, anything).nullish() })
      .nullish(),
    partitioning: anything,
    redact: z.literal('name').nullish(),
  })
  .partial({ partitioning: true })
  .nullish()

const plain = z.union([text, z.number(), z.boolean()])

const collectionLethe = z
  .strictObject({
    table: text.optional().describe('The table, where it is not called as the collection.'),
    rows: z
      .record(text, z.union([plain, z.null(), z.array(z.union([plain, z.null()])).min(1)]))
      .optional()
      .describe('Only rows with these values: column → value, list of values, or null.'),
    title: words.optional(),
    purpose: words.optional(),
    basis: basis.optional(),
    recipients: z.array(words).optional(),
    source: words.optional(),
    erase: z.enum(['delete', 'anonymise', 'keep']).optional(),
    keep: z
      .strictObject({
        ground: z.enum(keepGrounds),
        because: words,
        keep: duration.optional(),
        from: text.optional().describe('Column that the period counts from.'),
      })
      .optional(),
    suppress: z
      .strictObject({
        field: text,
        kind: z.enum(['email', 'phone']),
        list: text.min(1),
        when: z.record(text, z.union([plain, z.array(plain).min(1)])).optional(),
      })
      .optional(),
    person: z.boolean().optional().describe('One row is one person.'),
    file: text.optional().describe('Column that names a file below the store’s files folder.'),
    key: z.array(text).min(1).optional(),
  })
  .nullish()

const collection = z.strictObject({
  name: text.min(1),
  description: text.nullish(),
  data_categories: categories,
  fields: z.array(field),
  fides_meta: collectionMeta,
  fidesops_meta: collectionMeta,
  lethe: collectionLethe,
})

const datasetMeta = z
  .strictObject({
    resource_id: text.nullish(),
    after: z.array(text).nullish().describe('Datasets that run first.'),
    namespace: anything,
    redact: z.literal('name').nullish(),
  })
  .partial({ namespace: true })
  .nullish()

const datasetLethe = z
  .strictObject({
    title: words.optional(),
    store: text.optional().describe('Name in stores.yaml; left out, the store that names this file.'),
    role: z.enum(['controller', 'processor']).optional(),
    controller: text.optional().describe('Whose processor we are.'),
    purpose: words.optional(),
    basis: basis.optional(),
    recipients: z.array(words).optional(),
    source: words.optional(),
    transfers: words.optional(),
    backup: z.strictObject({ horizon: duration }).optional(),
  })
  .nullish()

const dataset = z.strictObject({
  fides_key: key,
  organization_fides_key: text.nullish(),
  name: text.nullish(),
  description: text.nullish(),
  tags: z.array(text).nullish(),
  meta: z.record(text, anything).nullish(),
  data_categories: categories,
  fides_meta: datasetMeta,
  fidesops_meta: datasetMeta,
  lethe: datasetLethe,
  collections: z.array(collection),
})

export const dataMapFile = z.strictObject({ dataset: z.array(dataset) })

export type RawFile = z.infer<typeof dataMapFile>
export type RawDataset = RawFile['dataset'][number]
export type RawCollection = RawDataset['collections'][number]

/** The JSON Schema of a data map file, for editors (`lethe schema datamap`). */
export const dataMapJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(dataMapFile, { io: 'input', unrepresentable: 'any' }),
  title: 'Lethe data map (fideslang dataset with lethe keys)',
})
