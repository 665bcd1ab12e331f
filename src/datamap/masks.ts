import type { FieldMap, Mask } from './model.ts'
import type { RawField } from './schema-field.ts'
import { isPersonal } from './taxonomy.ts'

/** What stands where a text was: short, and the same in every language we write to. */
export const erasedText = '[erased]'

/** The columns of the same row that a mask's template takes values from: `erased-{id}@invalid` → `id`. */
export const placeholders = (template: string): string[] =>
  [...template.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] as string)

/** `lethe.erase` as a mask; `null`, `redact` and `keep` are words, anything else is the value itself. */
export function maskOfWord(word: string | null): Mask {
  if (word === null || word === 'null') return { how: 'null' }
  if (word === 'redact' || word === 'keep') return { how: word }
  return { how: 'value', template: word }
}

type Meta = NonNullable<RawField['fides_meta']>
type Override = NonNullable<Meta['masking_strategy_override']>

/**
 * A Fides masking strategy as a mask. Hashes, ciphers and random text under one key are pseudonymisation, not erasure:
 * they become a neutral value, and `warning` says so.
 */
export function maskOfStrategy(override: Override, meta: Meta): { mask: Mask; warning?: string } {
  const { strategy } = override
  switch (strategy) {
    case 'null_rewrite':
      return { mask: { how: 'null' } }
    case 'preserve':
      return { mask: { how: 'keep' } }
    case 'string_rewrite':
      return { mask: { how: 'value', template: rewriteValue(override, meta.length ?? undefined) } }
    case 'random_string_rewrite':
    case 'hash':
    case 'hmac':
    case 'aes_encrypt':
      return {
        mask: neutral(meta),
        warning: `the masking strategy ${strategy} is pseudonymisation, not erasure; a neutral value is written instead`,
      }
  }
}

/** Fides writes the value with the suffix of `format_preservation`, cut to the field's length. */
function rewriteValue(override: Override, length: number | undefined): string {
  const said = override.configuration?.['rewrite_value']
  const value = typeof said === 'string' || typeof said === 'number' ? String(said) : 'MASKED'
  const preservation = override.configuration?.['format_preservation'] as { suffix?: unknown } | undefined
  const suffix = typeof preservation?.suffix === 'string' ? preservation.suffix : ''
  return length === undefined ? value + suffix : value.slice(0, Math.max(0, length - suffix.length)) + suffix
}

const neutral = (meta: Meta): Mask =>
  meta.data_type && meta.data_type !== 'string'
    ? { how: 'null' }
    : { how: 'value', template: meta.length ? erasedText.slice(0, meta.length) : erasedText }

/** What a column's live type says about masks; `ColumnInfo` of the stores fulfils it. */
export interface MaskColumn {
  readonly name: string
  readonly kind: 'text' | 'integer' | 'decimal' | 'boolean' | 'instant' | 'date' | 'bytes' | 'json' | 'other'
  readonly nullable: boolean
  readonly maxLength: number | null
}

/**
 * What becomes of a field when its own row is anonymised: what the map says, else by its nature. Keys, read-only fields
 * and what is not about a person stay; free text and personal data become NULL, or the type's neutral value where the
 * column refuses NULL. The engine's masks do the same.
 */
export function effectiveMask(field: FieldMap, column: MaskColumn): Mask {
  if (field.readOnly || field.primaryKey) return { how: 'keep' }
  if (field.mask) return field.mask
  if (!field.freeText && !field.categories.some(isPersonal)) return { how: 'keep' }
  if (column.nullable) return { how: 'null' }
  return { how: 'value', template: neutralValue(column) }
}

function neutralValue(column: MaskColumn): string {
  switch (column.kind) {
    case 'integer':
    case 'decimal':
      return '0'
    case 'boolean':
      return 'false'
    case 'instant':
    case 'date':
      return '1970-01-01'
    case 'json':
      return '{}'
    case 'bytes':
      return ''
    case 'text':
    case 'other':
      return column.maxLength === null || column.maxLength >= erasedText.length ? erasedText : ''
  }
}
