import type { FieldMap } from '../../datamap/model.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import { ask, comparable } from './ask.ts'
import { keyText } from './reach.ts'

/**
 * Which of these addresses or numbers several people have: a mailbox `info@`, a switchboard, a family phone. What hangs on such a
 * value alone is nobody's for sure; it waits for a person (stores.md, trap 8). Ids are never shared.
 */
export async function sharedValues(
  deps: EngineDeps,
  format: FieldMap['format'],
  values: readonly string[],
): Promise<Set<string>> {
  const shared = new Set<string>()
  if (format === 'exact' || values.length === 0) return shared
  for (const collection of deps.map.collections.values()) {
    if (!collection.person || collection.skip) continue
    const policy = deps.policyOf(collection.store)
    const fields = collection.fields.filter((field) => field.format === format)
    const people = new Map<string, Set<string>>()
    await storeOf(deps, collection.store).reading(async (reader) => {
      for (const field of fields) {
        const columns = [...new Set([...collection.key, field.name])]
        for await (const row of ask(
          reader,
          collection,
          { field: field.name, format, values, columns },
          policy,
        )) {
          const value = comparable(row[field.name] as string, format, policy) as string
          const key = keyText(collection.key.map((column) => String(row[column])))
          people.set(value, (people.get(value) ?? new Set()).add(key))
        }
      }
    })
    for (const [value, keys] of people) if (keys.size > 1) shared.add(value)
  }
  return shared
}
