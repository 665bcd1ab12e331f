import { statements } from './places.ts'
import type { World } from './world.ts'
import { mapYaml } from './yaml.ts'

/** Everything somebody needs to see it happen: the seed, the schema with its rows, the map, and who asks. */
export const show = (world: World): string =>
  [
    `-- seed ${world.seed}`,
    ...world.stores.flatMap((store) => [
      `-- store ${store}`,
      ...statements(
        'sqlite',
        world.tables.filter((t) => t.store === store),
      ).map((sql) => `${sql};`),
      mapYaml(world, store),
    ]),
    `asks: ${world.identities.map(({ kind, value }) => `${kind} ${value}`).join(', ')}`,
  ].join('\n')
