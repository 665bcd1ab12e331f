import type { FieldMap } from '../../datamap/model.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import { ask } from './ask.ts'
import { keyText } from './reach.ts'
import type { WasShared } from './remembered.ts'
import { placeOf, valuesIn } from './values.ts'

type Format = FieldMap['format']

/** Answers which of these addresses or numbers several people have. */
export type SharedLines = (format: Format, values: readonly string[]) => Promise<Set<string>>

/**
 * Which addresses or numbers several people have: a mailbox `info@`, a switchboard, a family phone. What hangs on such a
 * value alone is nobody's for sure; it waits for a person (stores.md, trap 8). Ids are never shared. Each value is looked for
 * once, for as long as one search lasts: a number that people write as they like is found by reading the whole table.
 */
export function sharedLines(deps: EngineDeps, signal?: AbortSignal, wasShared?: WasShared): SharedLines {
  const known = new Map<string, boolean>()
  return async (format, values) => {
    if (format === 'exact') return new Set()
    const id = (value: string) => `${format}:${value}`
    const fresh = [...new Set(values.filter((value) => !known.has(id(value))))]
    if (fresh.length > 0) {
      const shared = await heldBySeveral(deps, format, fresh, signal)
      for (const value of fresh)
        known.set(id(value), shared.has(value) || (wasShared?.(format, value) ?? false))
    }
    return new Set(values.filter((value) => known.get(id(value))))
  }
}

async function heldBySeveral(
  deps: EngineDeps,
  format: Format,
  values: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const shared = new Set<string>()
  for (const collection of deps.map.collections.values()) {
    if (!collection.person || collection.skip) continue
    const policy = deps.policyOf(collection.store)
    const fields = collection.fields.filter((field) => field.format === format && !field.hash)
    if (fields.length === 0) continue
    const people = new Map<string, Set<string>>()
    await storeOf(deps, collection.store).reading(
      async (reader) => {
        for (const field of fields) {
          const columns = [...new Set([...collection.key, field.name])]
          for await (const row of ask(
            reader,
            collection,
            { field: field.name, format, values, columns },
            policy,
          )) {
            const key = keyText(collection.key.map((column) => String(row[column])))
            const held = valuesIn(placeOf(collection, field.name), row[field.name] ?? null, format, policy)
            for (const value of held) people.set(value, (people.get(value) ?? new Set()).add(key))
          }
        }
      },
      signal ? { signal } : {},
    )
    for (const [value, keys] of people) if (keys.size > 1) shared.add(value)
  }
  return shared
}
