import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildGraph } from '../../../src/datamap/graph.ts'
import { loadDataMap } from '../../../src/datamap/load.ts'
import type { EngineDeps } from '../../../src/engine/deps.ts'
import type { Plan } from '../../../src/engine/order/show.ts'
import type { FixedClock } from '../../support/clock.ts'
import type { TestDatabase } from '../../support/database.ts'
import { orders } from '../../support/orders.ts'
import type { CopiedRow } from './oracle/copy.ts'
import type { Place } from './places.ts'
import type { World } from './world.ts'
import { mapYaml } from './yaml.ts'

export type Dump = Readonly<Record<string, readonly string[]>>

/** What the engine made of a world: her copy, then her erasure, then the same erasure once more. */
export interface Outcome {
  readonly access: { readonly plan: Plan; readonly rows: readonly CopiedRow[]; readonly dump: Dump }
  readonly erasure: { readonly planned: Plan; readonly done: Plan; readonly dump: Dump }
  /** Absent where the first did not get through. */
  readonly again?: { readonly planned: Plan; readonly done: Plan; readonly dump: Dump }
}

export async function runWorld(
  world: World,
  places: ReadonlyMap<string, Place>,
  at: TestDatabase,
  clock: FixedClock,
  folder: string,
): Promise<Outcome> {
  const office = orders(at, clock, depsOf(world, places, folder))
  const dump = async () => {
    const all: Record<string, string[]> = {}
    for (const [store, place] of places)
      Object.assign(all, await place.dump(world.tables.filter((t) => t.store === store)))
    return all
  }
  const access = await office.run(await office.planned('access', world.identities))
  const rows = (await office.got(access)).map(({ line, collection, row }): CopiedRow => {
    const store = line.slice(0, line.indexOf('.'))
    return {
      collection: `${store}.${collection}`,
      // Where the whole row is the key it may hold a NULL.
      place: line.slice(0, line.lastIndexOf(' ')).replaceAll('\0n', ''),
      link: row.link,
      values: row.values,
      redacted: row.redacted,
    }
  })
  const afterAccess = await dump()
  const planned = await office.planned('erasure', world.identities)
  const done = await office.run(planned)
  const first = {
    access: { plan: access, rows, dump: afterAccess },
    erasure: { planned, done, dump: await dump() },
  }
  if (done.status === 'running' || done.residue === undefined) return first
  const second = await office.planned('erasure', world.identities)
  return { ...first, again: { planned: second, done: await office.run(second), dump: await dump() } }
}

function depsOf(world: World, places: ReadonlyMap<string, Place>, folder: string): EngineDeps {
  mkdirSync(join(folder, 'datamap'), { recursive: true })
  for (const store of world.stores)
    writeFileSync(join(folder, 'datamap', `${store}.yaml`), mapYaml(world, store))
  const map = loadDataMap(
    folder,
    world.stores.map((name) => ({ name, map: `datamap/${name}.yaml` })),
  )
  return {
    map,
    graph: buildGraph(map),
    stores: new Map([...places].map(([name, place]) => [name, place.store])),
    policyOf: () => ({ country: 'NL' }),
    spool: join(folder, 'spool'),
  }
}
