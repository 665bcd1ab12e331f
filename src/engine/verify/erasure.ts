import type { StepRun } from '../../ops/jobs/define.ts'
import type { Catalogue } from '../../stores/port.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import type { Order } from '../order/state.ts'
import type { OrderFinding, Residue } from '../tables.ts'
import { rememberedLines } from '../locate/remembered.ts'
import { ledFrom } from '../locate/gone.ts'
import { rowsLeft } from './left.ts'
import { scanStore } from './scan-store.ts'

type Run = StepRun<{ orderId: string }, unknown>

/**
 * Reads every store again after an erasure. The graph is walked once more for rows that are still hers, and every column of every
 * table, mapped or not, and every file of the store is read for her identifiers in all spellings and encodings. What is found is
 * listed with the ground that lets it stay, or with none: then the order stops for a person. What could not be read is a finding.
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
    // First of all: a materialised view would still show what its tables have lost.
    const touched = [
      ...new Set([...deps.map.collections.values()].filter((c) => c.store === name).map((c) => c.table)),
    ]
    const settled = await storeOf(deps, name).settle(touched)
    for (const message of settled.remains) findings.push({ kind: 'store', store: name, message })
    const hash = (text: string) => run.db.keys.hash('residue', text)
    const scanned = await scanStore(deps, name, catalogue, [identities], { signal: run.signal, hash })
    residue.push(...scanned.residue)
    for (const { table, column, rows, why } of scanned.unread)
      findings.push({
        kind: 'unread',
        store: name,
        collection: `${table}.${column}`,
        rows,
        message: `was not read to its end, so nothing is known of it: ${why}`,
      })
  }
  for (const r of residue)
    if (r.ground === null)
      findings.push({
        kind: 'residue',
        store: r.store,
        collection: `${r.table}.${r.column}`,
        rows: r.rows,
        message: `still holds an identifier of the person${r.path === undefined ? '' : ` (${r.path})`}, and no ground lets it stay`,
      })
  return { residue, findings }
}
