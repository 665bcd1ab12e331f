import { and, eq, inArray } from 'drizzle-orm'
import type { CollectionMap } from '../../datamap/model.ts'
import type { Reader } from '../../ops/db/database.ts'
import { collectionOf, type EngineDeps, storeOf } from '../deps.ts'
import { type Led, type RunMemory, tables } from '../tables.ts'
import { rowFilter } from './columns.ts'

/** What earlier runs of an order learned, for the next plan: null before the first. */
export async function learned(
  reader: Reader,
  order: { readonly id: string; readonly memory: RunMemory | null },
): Promise<RunMemory | null> {
  if (!order.memory) return null
  const { names, identifiers, led } = order.memory
  return { names, identifiers, led: await ledFrom(reader, order.id, led) }
}

/** What led on from the rows of hers that this order erased so far, with what its earlier runs remember. */
export async function ledFrom(reader: Reader, orderId: string, before: Led | undefined): Promise<Led> {
  const { batch, step } = tables(reader)
  const batches = await reader.q
    .select({ id: batch.id, collectionId: step.collectionId })
    .from(batch)
    .innerJoin(step, eq(step.id, batch.stepId))
    .where(and(eq(batch.orderId, orderId), inArray(step.action, ['delete', 'anonymise'])))
  const led = new Map<string, Map<string, Set<string>>>()
  const add = (collectionId: string, field: string, values: readonly string[]) => {
    const fields = led.get(collectionId) ?? new Map<string, Set<string>>()
    led.set(collectionId, fields)
    const known = fields.get(field) ?? new Set<string>()
    fields.set(field, known)
    for (const value of values) known.add(value)
  }
  for (const [id, fields] of Object.entries(before ?? {}))
    for (const [field, values] of Object.entries(fields)) add(id, field, values)
  for (const { id, collectionId } of batches) {
    const [row] = await reader.q.select({ items: batch.items }).from(batch).where(eq(batch.id, id))
    const hers = row?.items.filter((item) => item.link === 'owned') ?? []
    const fields = new Set(hers.flatMap((item) => Object.keys(item.led ?? {})))
    for (const field of fields)
      add(
        collectionId,
        field,
        hers.flatMap((item) => item.led?.[field] ?? []),
      )
  }
  return Object.fromEntries(
    [...led].map(([id, fields]) => [
      id,
      Object.fromEntries([...fields].map(([field, values]) => [field, [...values]])),
    ]),
  )
}

/**
 * Only what nobody holds by now: a store may give the number of a deleted row to the next person, and what hangs on it is that
 * person's. An anonymised row stands and keeps its number.
 */
export async function stillGone(deps: EngineDeps, led: Led, signal?: AbortSignal): Promise<Led> {
  const left: Record<string, Record<string, readonly string[]>> = {}
  for (const [id, fields] of Object.entries(led)) {
    const collection = collectionOf(deps, id)
    left[id] = { ...fields }
    if (collection.erase !== 'delete') continue
    for (const [field, values] of Object.entries(fields)) {
      const taken = await takenOf(deps, collection, field, values, signal)
      left[id][field] = values.filter((value) => !taken.has(value))
    }
  }
  return left
}

/** Values in one question, and rows of an answer that are looked at before the values met are left out of the next. */
const atOnce = 500

/** Which values somebody holds. Who else does is not asked: a list that she was on has thousands of others. */
function takenOf(
  deps: EngineDeps,
  collection: CollectionMap,
  field: string,
  values: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const { table, key } = collection
  return storeOf(deps, collection.store).reading(
    async (reader) => {
      const taken = new Set<string>()
      let limit = atOnce
      for (let open = values; open.length > 0; ) {
        const some = open.slice(0, atOnce)
        const match = { column: field, how: 'exact', values: some } as const
        const query = { table, key, columns: [field], where: rowFilter(collection), match, limit }
        let rows = 0
        for await (const page of reader.rows(query))
          for (const row of page) {
            rows++
            taken.add(String(row[field]))
          }
        const left = rows < limit ? open.slice(some.length) : open.filter((value) => !taken.has(value))
        // Only rows that the store takes for equal and we do not: look further.
        if (left.length === open.length) limit *= 10
        open = left
      }
      return taken
    },
    signal ? { signal } : {},
  )
}
