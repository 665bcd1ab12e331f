import { and, eq } from 'drizzle-orm'
import { canonicalJson } from '../../base/json.ts'
import { LetheError } from '../../base/errors.ts'
import { newId } from '../../base/ids.ts'
import type { Words } from '../../datamap/model.ts'
import { append } from '../../ledger/append.ts'
import type { Ctx, Database, Reader } from '../../ops/db/database.ts'
import type { Keys } from '../../ops/sealing.ts'
import type { Row } from '../../stores/port.ts'
import { collectionOf, type EngineDeps, storeOf } from '../deps.ts'
import { locatePerson } from '../locate/person.ts'
import { type FoundRow, keyOfRow, keyText } from '../locate/reach.ts'
import { rememberedLines } from '../locate/remembered.ts'
import { checkStores } from '../plan/check.ts'
import { evidenceDigest } from '../plan/evidence.ts'
import { tables, type Verdict } from '../tables.ts'
import { replan } from './confirm.ts'
import { orderIn, orderOf } from './state.ts'

/** A row that was reached only in doubt, for an officer to look at. Personal data, of several people. */
export interface RowInDoubt {
  readonly store: string
  readonly collectionId: string
  readonly title: Words
  /** Names the row in `decideRow`; a keyed hash. */
  readonly row: string
  readonly key: FoundRow['key']
  readonly values: Row
}

/**
 * How a row is told in a decision: never by its key in clear. With what the search reads of it: a word said of one record is none
 * of another that stands under its key by now.
 */
export const doubtHash = (
  keys: Keys,
  collectionId: string,
  key: FoundRow['key'],
  values?: FoundRow['values'],
): string =>
  keys.hash(
    'doubt',
    canonicalJson([
      collectionId,
      [...key],
      ...(values ? [evidenceDigest(keys, key, Object.keys(values).sort(), values)] : []),
    ]),
  )

/** Which verdict stands on a row, if any. */
export type Decided = (
  collectionId: string,
  key: FoundRow['key'],
  values: FoundRow['values'],
) => Verdict | undefined

/** What was said so far, in one order. */
export async function verdictsOf(
  reader: Reader,
  orderId: string,
): Promise<readonly (readonly [row: string, verdict: Verdict])[]> {
  const { decision } = tables(reader)
  const rows = await reader.q.select().from(decision).where(eq(decision.orderId, orderId))
  return rows.map(({ row, verdict }) => [row, verdict] as const).sort(([a], [b]) => (a < b ? -1 : 1))
}

export async function decidedOf(reader: Reader, orderId: string): Promise<Decided> {
  const verdicts = new Map(await verdictsOf(reader, orderId))
  if (verdicts.size === 0) return () => undefined
  // A replay has compared the row with what was erased, and says its word of the key alone.
  return (collectionId, key, values) =>
    verdicts.get(doubtHash(reader.keys, collectionId, key, values)) ??
    verdicts.get(doubtHash(reader.keys, collectionId, key))
}

/**
 * Rows of an order that wait for a person, read from the stores as they are now; secrets are left out. At most `most` of each
 * collection (the plan's step says how many there are).
 */
export async function rowsInDoubt(
  deps: EngineDeps,
  db: Database,
  input: { readonly orderId: string; readonly most?: number; readonly signal?: AbortSignal },
): Promise<RowInDoubt[]> {
  const { order, decided, wasShared } = await db.read(async (reader) => ({
    order: await orderOf(reader, input.orderId),
    decided: await decidedOf(reader, input.orderId),
    wasShared: await rememberedLines(reader),
  }))
  const { signal } = input
  const { live } = await checkStores(deps, signal)
  const options = { decided, wasShared, known: order.memory?.identifiers, ...(signal && { signal }) }
  const located = await locatePerson(live, order.identities, options)
  const found: RowInDoubt[] = []
  for (const [id, rows] of located.rows) {
    const collection = collectionOf(live, id)
    const doubtful = [...rows.values()].filter((row) => row.reach === 'possible').slice(0, input.most ?? 50)
    if (doubtful.length === 0) continue
    const { table, key, store, title } = collection
    const columns = [
      ...new Set([
        ...key,
        ...collection.fields.filter((f) => !f.secret && !f.name.includes('.')).map((f) => f.name),
      ]),
    ]
    const keys = doubtful.map((row) => row.key)
    await storeOf(live, store).reading(
      async (reader) => {
        for await (const page of reader.rows({ table, key, columns, keys }))
          for (const values of page) {
            const met = rows.get(keyText(keyOfRow(collection, values) ?? []))
            if (!met) continue
            const row = doubtHash(db.keys, id, met.key, met.values)
            found.push({ store, collectionId: id, title, row, key: met.key, values })
          }
      },
      signal ? { signal } : {},
    )
  }
  return found
}

/**
 * An officer says whose rows in doubt are: `owned` hers, `shared` hers and others', `none` not hers. The plan is drawn anew with
 * it; a later word replaces an earlier one. Throws `conflict` once the order runs, `invalid` without a row.
 */
export async function decideRows(
  ctx: Ctx,
  input: {
    readonly orderId: string
    readonly rows: readonly {
      readonly collectionId: string
      readonly row: string
      readonly verdict: Verdict
    }[]
  },
): Promise<void> {
  const found = await orderIn(ctx, input.orderId, ['planning', 'planned', 'stopped'])
  if (input.rows.length === 0)
    throw new LetheError('invalid', 'no row is decided', { hint: 'Choose at least one.' })
  const { decision } = tables(ctx.tx)
  for (const { collectionId, row, verdict } of input.rows) {
    await ctx.tx.q.delete(decision).where(and(eq(decision.orderId, found.id), eq(decision.row, row)))
    const made = { collectionId, row, verdict, by: ctx.actor.id, at: ctx.tx.now }
    await ctx.tx.q.insert(decision).values({ id: newId(), orderId: found.id, ...made })
  }
  await append(ctx, {
    type: 'engine.decided',
    subject: found.origin,
    body: { order: found.id, rows: input.rows.map(({ row, verdict }) => ({ row, verdict })) },
  })
  await replan(ctx, found.id)
}
