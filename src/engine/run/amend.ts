import { and, eq, inArray, ne } from 'drizzle-orm'
import { newId } from '../../base/ids.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import type { Tx } from '../../ops/db/database.ts'
import type { StepRun } from '../../ops/jobs/define.ts'
import type { Catalogue, Row, Store, StoreWriter } from '../../stores/port.ts'
import { type EngineDeps, collectionOf } from '../deps.ts'
import { rowFilter } from '../locate/columns.ts'
import { type FoundRow, keyOfRow, keyText, rowsIn } from '../locate/reach.ts'
import { amendMasks } from '../masks/amend.ts'
import type { Order } from '../order/state.ts'
import { amendmentOf, changingRows, markedColumns, restrictedBefore, restrictedHash } from '../plan/amend.ts'
import { type Residue, tables } from '../tables.ts'
import type { Applied, Batch } from './apply.ts'
import { changes, isStillHers, unreadCounter } from './changes.ts'
import type { Keys } from '../../ops/sealing.ts'

type Run = StepRun<{ orderId: string }, unknown>

/** Compares and sets: a row that is no longer hers is skipped, one in its final form counts as done. */
export async function amendRows(
  writer: StoreWriter,
  keys: Keys,
  batch: Batch,
  rows: ReadonlyMap<string, Row>,
): Promise<Applied> {
  const { collection, amendment } = batch
  const masks = amendment ? amendMasks(collection, batch.table, amendment) : []
  const rewritten = []
  let skipped = 0
  const [unread, note] = unreadCounter()
  for (const item of batch.items) {
    const row = rows.get(keyText(item.key))
    if (row === undefined) continue
    const set = changes(row, masks, [], note)
    if (Object.keys(set).length === 0) continue
    if (isStillHers(keys, item, row)) rewritten.push({ key: item.key, set })
    else skipped++
  }
  const { table, key } = collection
  if (rewritten.length > 0) await writer.rewrite({ table, key, changes: rewritten })
  return { done: rowsIn(batch.items) - skipped, skipped, unread }
}

/**
 * Before rows are marked as restricted: what they held is kept, sealed, until the restriction is lifted. The first word counts, so
 * that a second try after a crash does not take the mark for what was there before; and so does that of an earlier restriction that
 * still holds the row. One that no longer does, because somebody took its mark away, has nothing left to lift there.
 */
export async function rememberFirst(run: Run, store: Store, batch: Batch, order: Order): Promise<void> {
  if (batch.action !== 'restrict') return
  const { collection, items } = batch
  const { table, key, id: collectionId, restrict: mark = {} } = collection
  const columns = [...new Set([...key, ...Object.keys(mark)])]
  await store.reading(async (reader) => {
    const keys = items.map((item) => item.key)
    for await (const page of reader.rows({ table, key, columns, where: rowFilter(collection), keys }))
      await run.checkpoint(async ({ tx }) => {
        const { restricted } = tables(tx)
        const own = page.flatMap((row) => {
          const found = keyOfRow(collection, row)
          return found ? [{ key: found, now: markedColumns(collection, row) }] : []
        })
        const earlier = await restrictedBefore(tx, collectionId, own, order.id)
        for (const { key: rowKey, now } of own) {
          const row = restrictedHash(tx.keys, collectionId, rowKey)
          const isMarked = Object.entries(mark).every(([column, value]) => now[column] === value)
          if (!isMarked)
            await tx.q
              .delete(restricted)
              .where(and(eq(restricted.row, row), ne(restricted.orderId, order.id)))
          const before = (isMarked ? earlier.get(row) : undefined) ?? now
          await tx.q
            .insert(restricted)
            .values({ id: newId(), orderId: order.id, collectionId, row, key: rowKey, before, at: tx.now })
            .onConflictDoNothing()
        }
      })
  })
}

/** Rows that are gone: whoever gets their keys next was never restricted. */
export async function forgetGone(
  tx: Tx,
  { id }: CollectionMap,
  items: readonly { readonly key: FoundRow['key'] }[],
): Promise<void> {
  const { restricted } = tables(tx)
  const hashes = items.map(({ key }) => restrictedHash(tx.keys, id, key))
  await tx.q.delete(restricted).where(inArray(restricted.row, hashes))
}

/** Rows of the work list that are still not as the order wants them. */
export async function notAmended(
  deps: EngineDeps,
  catalogues: ReadonlyMap<string, Catalogue>,
  run: Run,
  order: Order,
): Promise<Residue[]> {
  const items = await run.db.read(async (reader) => {
    const { batch, step } = tables(reader)
    return reader.q
      .select({ id: step.collectionId, items: batch.items })
      .from(batch)
      .innerJoin(step, eq(step.id, batch.stepId))
      .where(eq(batch.orderId, order.id))
  })
  const rows = new Map<string, FoundRow[]>()
  for (const { id, items: list } of items)
    rows.set(id, [
      ...(rows.get(id) ?? []),
      ...list.map(
        (item): FoundRow => ({ key: item.key, reach: 'owned', via: new Set(item.via), values: {} }),
      ),
    ])
  const left = await changingRows(deps, catalogues, rows, await amendmentOf(deps, run.db, order), run.signal)
  return [...left].map(([id, list]) => {
    const { store, table, key } = collectionOf(deps, id)
    return { store, table, column: key.join(','), rows: list.length, ground: null }
  })
}

/** A lifted restriction has nothing to go back to. */
export async function forgetRestricted(tx: Tx, orderId: string): Promise<void> {
  const { restricted } = tables(tx)
  await tx.q.delete(restricted).where(eq(restricted.orderId, orderId))
}
