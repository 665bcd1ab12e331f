import { createHash } from 'node:crypto'
import type { Words } from '../../datamap/model.ts'
import { collectionOf, type EngineDeps } from '../deps.ts'
import type { Located } from '../locate/reach.ts'
import type { DrawnTask } from '../order/tasks.ts'
import type { OrderFinding } from '../tables.ts'

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
