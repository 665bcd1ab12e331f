import { z } from 'zod'
import {
  anything,
  basis,
  categories,
  duration,
  field,
  key,
  mask,
  plain,
  rowValues,
  text,
  values,
  words,
} from './schema-field.ts'

/**
 * A file of `policies/datamap/`: fideslang's dataset keys, and ours under `lethe:` at the same three levels. Only the
 * shape; what a name must refer to is checked in load.ts and graph.ts. fideslang's optional keys may be empty.
 */
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

const collectionLethe = z
  .strictObject({
    table: text.optional().describe('The table, where it is not called as the collection.'),
    tables: text
      .regex(/^[^*]*\*[^*]*(\*[^*]*)*$/, {
        error: (issue) => `"${issue.input}" is one table; write table, or * for what varies`,
      })
      .optional()
      .describe('Instead of table: every live table whose name fits; * stands for anything.'),
    rows: rowValues
      .optional()
      .describe('Only rows with these values: column → value, list of values, null, or a lookup by name.'),
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
    file: z
      .union([text.min(1), z.array(text.min(1)).min(1)])
      .optional()
      .describe(
        'Column that names a file below the store’s files folder, or path templates: rec/{start:yyyy}/{name}.*',
      ),
    counted: z
      .boolean()
      .optional()
      .describe('Rows that several others point at: hers only when every row that points here is hers.'),
    author: z
      .strictObject({ field: text, unless: values.optional() })
      .optional()
      .describe('Who wrote a row; one that somebody else wrote is shared at most.'),
    unit: text.optional().describe('Rows with one value here are one record: a call with all its legs.'),
    parties: z
      .array(text)
      .min(1)
      .optional()
      .describe(
        'Fields that name outside parties; one more than she makes the record a matter for a person.',
      ),
    columns: z
      .strictObject({
        data_categories: categories,
        text: z.literal('free').optional(),
        secret: z.boolean().optional(),
        erase: mask.optional(),
      })
      .optional()
      .describe('What every column is that the map does not name.'),
    chunks: z
      .strictObject({ of: text, order: text, data: text })
      .optional()
      .describe('Rows are pieces of one file.'),
    derived: z.boolean().optional().describe('A copy that the store derives itself: never written.'),
    restrict: z.record(text, plain).optional().describe('What marks a row as restricted (Art. 18).'),
    effects: z.array(words).optional().describe('What erasing here sets off elsewhere.'),
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
    copies: z.array(words).optional().describe('Copies outside the store: a task for a person each.'),
    effects: z.array(words).optional().describe('What erasing in this store sets off elsewhere.'),
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
