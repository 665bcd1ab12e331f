import { type Catalogues, columnOf, type ForeignKeyLike, type TableLike } from './catalogue.ts'
import { endsOf, isKey } from './links.ts'
import type { CollectionMap, Cut, DataMap, Graph } from './model.ts'

/** `child` goes before `parent`. */
interface Wish {
  readonly child: string
  readonly parent: string
  readonly field: string | undefined
  readonly why: Cut['why']
  /** What it costs not to meet it: a store that refuses, a key that is emptied under our hands, a row that leads nowhere. */
  readonly price: number
  readonly emptied?: Cut['emptied']
}

/**
 * Every collection once, so that a row goes before the row it points at, `erase_after` and the datasets' `after` are
 * kept, and otherwise the order of the files holds. Where wishes turn in a circle, the collection whose going
 * first breaks least goes first and what it breaks is in `cuts`: what a store enforces outweighs what only the map says. The
 * same map and schemas always give the same answer.
 */
export function eraseOrder(
  map: DataMap,
  catalogues: Catalogues = new Map(),
): Pick<Graph, 'eraseOrder' | 'cuts'> {
  const live = [...map.collections.values()].filter((c) => !c.skip)
  const wishes = live
    .flatMap((c) => [...byReference(map, c), ...byForeignKey(live, c, catalogues), ...byErase(map, c)])
    .concat(byDataset(map))
  const cuts: Cut[] = wishes.filter((w) => w.child === w.parent).map((w) => cutOf(w, true))
  let open = wishes.filter((w) => w.child !== w.parent)
  const left = new Set(live.map((c) => c.id))
  const order: string[] = []
  while (left.size > 0) {
    const blocked = new Set(open.map((w) => w.parent))
    const free = [...left].filter((id) => !blocked.has(id))
    const next = free.length > 0 ? free : [cheapest(left, open)]
    for (const id of next) {
      order.push(id)
      left.delete(id)
      cuts.push(...open.filter((w) => w.parent === id).map((w) => cutOf(w, false)))
      open = open.filter((w) => w.parent !== id && w.child !== id)
    }
  }
  return { eraseOrder: order, cuts }
}

const cutOf = ({ child, parent, field, why, emptied }: Wish, self: boolean): Cut => ({
  child,
  parent,
  field,
  why,
  self,
  ...(emptied && { emptied }),
})

/** The holder of a foreign key is the child, whichever side declares the reference. */
function byReference(map: DataMap, collection: CollectionMap): Wish[] {
  const wish = (child: string, parent: string, field: string): Wish[] => [
    { child, parent, field, why: 'reference', price: 1_000 },
  ]
  return collection.fields.flatMap((field) =>
    field.references.flatMap((ref): Wish[] => {
      const ends = endsOf(map, { collection, field }, ref)
      if ('level' in ends) return []
      const { there } = ends
      if (isKey(there.collection, there.field.name))
        return wish(collection.id, there.collection.id, field.name)
      if (isKey(collection, field.name)) return wish(there.collection.id, collection.id, there.field.name)
      return []
    }),
  )
}

/** What the store enforces, whether or not the map follows it: by several columns at once it cannot. */
function byForeignKey(live: readonly CollectionMap[], child: CollectionMap, catalogues: Catalogues): Wish[] {
  const table = catalogues.get(child.store)?.tables.find((t) => t.name === child.table)
  if (!table) return []
  return table.foreignKeys.flatMap((fk) =>
    live
      .filter((c) => c.store === child.store && c.table === fk.table && c.erase === 'delete')
      .map((parent): Wish => {
        const empties = fk.onDelete === 'set null' || fk.onDelete === 'set default'
        return {
          child: child.id,
          parent: parent.id,
          field: fk.columns[0],
          why: 'reference',
          price: priceOf(table, fk),
          ...(empties && { emptied: fk.columns }),
        }
      }),
  )
}

function priceOf(table: TableLike, fk: ForeignKeyLike): number {
  switch (fk.onDelete) {
    case 'restrict':
    case 'no action':
      return fk.columns.some((name) => columnOf(table, name)?.nullable) ? 1_000_000 : 1_000_000_000
    case 'set null':
    case 'set default':
      return 10_000
    case 'cascade':
      return 1_000
  }
}

function byErase(map: DataMap, c: CollectionMap): Wish[] {
  return c.eraseAfter
    .filter((id) => map.collections.get(id)?.skip === false)
    .map((id) => ({ child: id, parent: c.id, field: undefined, why: 'erase_after', price: 1 }))
}

function byDataset(map: DataMap): Wish[] {
  const ids = (key: string) =>
    map.datasets
      .filter((d) => d.key === key)
      .flatMap((d) => d.collections.filter((c) => !c.skip).map((c) => c.id))
  return map.datasets.flatMap((d) =>
    d.after.flatMap((first) =>
      ids(first).flatMap((child) =>
        ids(d.key).map((parent): Wish => ({ child, parent, field: undefined, why: 'after', price: 1 })),
      ),
    ),
  )
}

/** Of the collections in a circle that nothing outside it holds back, the one whose going first breaks least. */
function cheapest(left: ReadonlySet<string>, open: readonly Wish[]): string {
  const before = new Map<string, string[]>()
  for (const w of open) before.set(w.parent, [...(before.get(w.parent) ?? []), w.child])
  const ancestors = (id: string): Set<string> => {
    const seen = new Set<string>([id])
    for (const at of seen) for (const child of before.get(at) ?? []) seen.add(child)
    return seen
  }
  // Walking backwards from anywhere ends in a circle that nothing outside it precedes: the smallest set found.
  let circle = new Set(left)
  for (const id of left) {
    const seen = ancestors(id)
    if (seen.size < circle.size) circle = seen
  }
  const price = (id: string) => open.filter((w) => w.parent === id).reduce((sum, w) => sum + w.price, 0)
  return [...left].filter((id) => circle.has(id)).reduce((best, id) => (price(id) < price(best) ? id : best))
}
