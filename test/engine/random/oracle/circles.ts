import type { Collection, World } from '../world.ts'

/**
 * Do foreign keys that refuse turn in a circle between collections whose rows are deleted? Then no order need be right, and a plan
 * may be refused although one would be: it must be carried out whole or not at all.
 */
export function hasCircle(world: World): boolean {
  const deleted = world.collections.filter((c) => c.erase === 'delete')
  const pointsAt = (child: Collection): Collection[] => {
    const table = world.tables.find((t) => t.store === child.store && t.name === child.table)
    const refusing = table?.foreignKeys.filter((fk) => ['restrict', 'no action'].includes(fk.onDelete)) ?? []
    return refusing.flatMap((fk) =>
      deleted.filter((c) => c !== child && c.store === child.store && c.table === fk.table),
    )
  }
  const leadsTo = (start: Collection): ReadonlySet<Collection> => {
    const seen = new Set(pointsAt(start))
    for (const c of seen) for (const next of pointsAt(c)) seen.add(next)
    return seen
  }
  return deleted.some((c) => leadsTo(c).has(c))
}
