import type { StepRun } from '../../ops/jobs/define.ts'
import type { Catalogue, Row, StoreReader, TableInfo } from '../../stores/port.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import type { Order } from '../order/state.ts'
import type { OrderFinding, Residue } from '../tables.ts'
import { holds } from '../text/find.ts'
import { needlesOf, type Needle } from '../text/needles.ts'
import { type Ground, groundsFor } from './grounds.ts'
import { rememberedLines } from '../locate/remembered.ts'
import { ledFrom } from '../locate/gone.ts'
import { rowsLeft } from './left.ts'

type Run = StepRun<{ orderId: string }, unknown>
const pageSize = 500

/**
 * Reads every store again after an erasure. The graph is walked once more for rows that are still hers, and every text column of
 * every table, mapped or not, is read for her identifiers in all spellings. What is found is listed with the ground that lets it
 * stay, or with none: then the order stops for a person.
 */
export async function verifyErasure(
  deps: EngineDeps,
  catalogues: ReadonlyMap<string, Catalogue>,
  run: Run,
  order: Order,
): Promise<{ residue: Residue[]; findings: OrderFinding[] }> {
  const identities = order.memory?.identifiers ?? order.identities
  const led = await run.db.read((reader) => ledFrom(reader, order.id, order.memory?.led))
  const wasShared = await run.db.read(rememberedLines)
  const residue = await rowsLeft(deps, catalogues, order.identities, {
    led,
    known: identities,
    wasShared,
    signal: run.signal,
  })
  const findings: OrderFinding[] = []
  for (const [name, catalogue] of catalogues) {
    const store = storeOf(deps, name)
    const needles = needlesOf(identities, deps.policyOf(name))
    const hits = await store.reading(
      (reader) => scanStore(deps, reader, name, catalogue, needles, run.signal),
      { signal: run.signal },
    )
    residue.push(...hits)
    const touched = [
      ...new Set([...deps.map.collections.values()].filter((c) => c.store === name).map((c) => c.table)),
    ]
    const settled = await store.settle(touched)
    for (const message of settled.remains) findings.push({ kind: 'store', store: name, message })
  }
  for (const r of residue)
    if (r.ground === null)
      findings.push({
        kind: 'residue',
        store: r.store,
        collection: `${r.table}.${r.column}`,
        rows: r.rows,
        message: 'still holds an identifier of the person, and no ground lets it stay',
      })
  return { residue, findings }
}

export async function scanStore(
  deps: EngineDeps,
  reader: StoreReader,
  store: string,
  catalogue: Catalogue,
  needles: readonly Needle[],
  signal: AbortSignal,
): Promise<Residue[]> {
  const residue: Residue[] = []
  if (needles.length === 0) return residue
  for (const table of catalogue.tables) {
    if (table.kind === 'view') continue
    const texts = table.columns
      .filter((c) => c.kind === 'text' || c.kind === 'json' || c.kind === 'other')
      .map((c) => c.name)
    if (texts.length > 0)
      residue.push(
        ...(await scanTable(
          reader,
          store,
          table,
          texts,
          needles,
          await groundsFor(deps, reader, store, table.name),
          signal,
        )),
      )
  }
  return residue
}

async function scanTable(
  reader: StoreReader,
  store: string,
  table: TableInfo,
  texts: readonly string[],
  needles: readonly Needle[],
  grounds: readonly Ground[],
  signal: AbortSignal,
): Promise<Residue[]> {
  const hits = new Map<string, { column: string; ground: string | null; rows: number }>()
  const columns = [...new Set([...table.primaryKey, ...texts, ...grounds.flatMap((g) => g.columns)])]
  for await (const page of reader.rows({ table: table.name, columns, key: table.primaryKey, pageSize })) {
    signal.throwIfAborted()
    for (const row of page)
      for (const column of texts)
        if (holdsIn(row, column, needles))
          count(hits, column, grounds.find((g) => g.covers(row))?.ground ?? null)
  }
  return [...hits.values()].map((hit) => ({ store, table: table.name, ...hit }))
}

const holdsIn = (row: Row, column: string, needles: readonly Needle[]): boolean => {
  const text = row[column]
  return typeof text === 'string' && holds(text, needles)
}

function count(
  hits: Map<string, { column: string; ground: string | null; rows: number }>,
  column: string,
  ground: string | null,
): void {
  const id = `${column}\0${ground}`
  const hit = hits.get(id) ?? { column, ground, rows: 0 }
  hit.rows++
  hits.set(id, hit)
}
