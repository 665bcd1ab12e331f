import { type Collection, type ForeignKey, tableOf, type World } from '../world.ts'

/**
 * Do foreign keys that refuse turn in a circle between collections whose rows are deleted? Then no order need be right, and a plan
 * may be refused although one would be: it must be carried out whole or not at all.
 */
export function hasCircle(world: World): boolean {
  const deleted = world.collections.filter((c) => c.erase === 'delete')
  const pointsAt = (child: Collection, ...how: ForeignKey['onDelete'][]): Collection[] =>
    tableOf(world, child)
      .foreignKeys.filter((fk) => how.includes(fk.onDelete))
      .flatMap((fk) => deleted.filter((c) => c !== child && c.store === child.store && c.table === fk.table))
  /** What goes along goes as if it were deleted. */
  const leadsTo = (start: Collection): ReadonlySet<Collection> => {
    const seen = new Set([start])
    for (const c of seen) for (const next of pointsAt(c, 'restrict', 'no action', 'cascade')) seen.add(next)
    return seen
  }
  return deleted.some((c) => pointsAt(c, 'restrict', 'no action').some((parent) => leadsTo(parent).has(c)))
}
