import { whyLasting } from '../../stores/lasting.ts'
import type { Catalogue } from '../../stores/port.ts'
import type { EngineDeps } from '../deps.ts'
import type { StepAction } from '../tables.ts'
import type { DrawnStep } from './draw.ts'

const phases: readonly StepAction[] = [
  'redact',
  'collect',
  'anonymise',
  'rectify',
  'restrict',
  'lift',
  'keep',
  'decide',
]

/**
 * Redactions first, while the names still stand; then children before parents; then, whatever they are, tables that no rollback takes
 * back (MyISAM): what came before may still stop the work. What stays, last.
 */
export function byOrder(
  deps: EngineDeps,
  catalogues: ReadonlyMap<string, Catalogue> = new Map(),
): (a: DrawnStep, b: DrawnStep) => number {
  const isLasting = ({ collection: { store, table } }: DrawnStep) =>
    whyLasting(catalogues.get(store)?.tables ?? [], table) !== undefined
  // Deleting and anonymising are one phase: a child that is anonymised must not come before its parent goes.
  const phase = (step: DrawnStep) => {
    const at = phases.indexOf(step.action === 'delete' ? 'anonymise' : step.action)
    const writes = at < phases.indexOf('keep')
    return writes && isLasting(step) ? phases.indexOf('keep') - 0.5 : at
  }
  const place = (step: DrawnStep) => deps.graph.eraseOrder.indexOf(step.collection.id)
  return (a, b) => phase(a) - phase(b) || place(a) - place(b) || (a.collection.id < b.collection.id ? -1 : 1)
}
