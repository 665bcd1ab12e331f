import { inLanguage } from '../../base/words.ts'
import type { ExportCollection } from '../model.ts'
import { type ExtraNames } from './rows.ts'

/** The JSON Schema (2020-12) of one collection's JSON file. */
export function collectionSchema(
  collection: Pick<ExportCollection, 'title' | 'description' | 'fields'>,
  extra: ExtraNames,
  language: string,
): string {
  const properties = Object.create(null) as Record<string, unknown>
  for (const { name, title, description } of collection.fields)
    properties[name] = {
      ...(title && { title: inLanguage(title, language) }),
      ...(description !== undefined && { description }),
      type: ['string', 'null'],
    }
  properties[extra.link] = {
    description:
      'How the row is the person’s: owned (about her, or written by her), shared (she takes part in it), mentioned (it names her).',
    enum: ['owned', 'shared', 'mentioned'],
  }
  properties[extra.redacted] = {
    description: 'Fields in which what is about other people was hidden.',
    type: 'array',
    items: { type: 'string' },
  }
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: inLanguage(collection.title, language),
    ...(collection.description !== undefined && { description: collection.description }),
    type: 'array',
    items: { type: 'object', properties, required: Object.keys(properties), additionalProperties: false },
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}
