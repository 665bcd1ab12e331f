import { createHash } from 'node:crypto'
import type { CollectionMap, Words } from '../../datamap/model.ts'
import { collectionOf, type EngineDeps, storeOf } from '../deps.ts'
import type { Located } from '../locate/reach.ts'
import type { DrawnTask } from '../order/tasks.ts'
import type { OrderFinding, StepAction } from '../tables.ts'

/** Copies outside the stores in which an erasure found anything of hers: the data map names them, people clear them. */
export function drawTasks(deps: EngineDeps, located: Located): DrawnTask[] {
  const touched = new Set(
    [...located.rows].filter(([, rows]) => rows.size > 0).map(([id]) => collectionOf(deps, id).store),
  )
  return deps.map.datasets
    .filter(({ store }) => touched.has(store))
    .flatMap(({ key, store, copies }) =>
      (copies ?? []).map((what) => ({ store, what, mark: markOf(key, what) })),
    )
}

/** Whether the store takes this action; what it does not take is left to a person. */
export function canDo(deps: EngineDeps, collection: CollectionMap, action: StepAction): boolean {
  const { canExport, canErase, canAnonymise, canRedact } = storeOf(deps, collection.store).capabilities
  switch (action) {
    case 'collect':
      return canExport
    case 'delete':
      return canErase
    case 'anonymise':
      return canAnonymise
    case 'redact':
      return canRedact
    case 'rectify':
    case 'restrict':
    case 'lift':
      return canAnonymise
    case 'keep':
    case 'decide':
      return true
  }
}

/** What the steps leave to a person, because the store lets nobody else. */
export const handTasks = (
  steps: readonly { readonly collection: CollectionMap; readonly ground: string | null }[],
): DrawnTask[] =>
  steps
    .filter((step) => step.ground === 'by_hand')
    .map(({ collection: { store, id, title, erase } }) => {
      const verb = erase === 'delete' ? 'Delete' : 'Make anonymous'
      const what = {
        en: `${verb} by hand what was found of the person in ${store}, ${title.en}: Lethe may not write there. Then plan again.`,
      }
      return { store, what, mark: markOf(id, what) }
    })

const markOf = (dataset: string, what: Words): string =>
  createHash('sha256')
    .update(JSON.stringify([dataset, what.en]))
    .digest('hex')
    .slice(0, 32)

/** What the approver must know beside the rows: what people have to do, and what erasing sets off elsewhere. */
export function tellAround(
  deps: EngineDeps,
  tasks: readonly DrawnTask[],
  steps: readonly { readonly collection: { readonly id: string } }[],
): OrderFinding[] {
  const erased = new Set(steps.map((step) => step.collection.id))
  const effects = deps.map.datasets.flatMap((dataset) => {
    const mine = dataset.collections.filter((c) => erased.has(c.id))
    const around = mine.length > 0 ? (dataset.effects ?? []) : []
    return [
      ...around.map((words) => ({ store: dataset.store, message: words.en })),
      ...mine.flatMap((c) =>
        (c.effects ?? []).map((words) => ({ store: c.store, collection: c.name, message: words.en })),
      ),
    ]
  })
  return [
    ...tasks.map((task): OrderFinding => ({ kind: 'task', store: task.store, message: task.what.en })),
    ...effects.map((effect): OrderFinding => ({ kind: 'effect', ...effect })),
  ]
}
