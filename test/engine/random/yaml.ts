import { stringify } from 'yaml'
import type { Collection, Field, Reference, World } from './world.ts'

/** The data map of one store, as somebody would write it: one dataset, called as the store. */
export function mapYaml(world: World, store: string): string {
  const collections = world.collections.filter((c) => c.store === store)
  return stringify({
    dataset: [
      {
        fides_key: store,
        name: store,
        lethe: { purpose: 'Test', basis: 'contract' },
        collections: collections.map((c) => collectionYaml(c)),
      },
    ],
  })
}

const collectionYaml = (c: Collection) => ({
  name: c.name,
  lethe: {
    ...(c.table !== c.name && { table: c.table }),
    ...(Object.keys(c.rows).length > 0 && { rows: c.rows }),
    ...(c.key.length > 0 && { key: c.key }),
    erase: c.erase,
    ...(c.erase === 'keep' && { keep: { ground: 'legal_obligation', because: 'Books are kept.' } }),
    ...(c.person && { person: true }),
    ...(c.counted && { counted: true }),
    ...(c.author && { author: c.author }),
  },
  fields: c.fields.map((f) => fieldYaml(f)),
})

function fieldYaml(f: Field) {
  const meta = {
    ...(f.identity && { identity: f.identity === 'phone' ? 'phone_number' : f.identity }),
    ...(f.references.length > 0 && { references: f.references.map((r) => referenceYaml(r)) }),
  }
  const lethe = {
    ...(f.link && { link: f.link }),
    ...(f.format && { format: f.format }),
    ...(f.normalised && { normalised: true }),
    ...(f.freeText && { text: 'free' }),
    ...(f.secret && { secret: true }),
    ...(f.erase !== undefined && { erase: f.erase }),
  }
  return {
    name: f.name,
    ...(f.categories.length > 0 && { data_categories: f.categories }),
    ...(Object.keys(meta).length > 0 && { fides_meta: meta }),
    ...(Object.keys(lethe).length > 0 && { lethe }),
  }
}

function referenceYaml({ collection, field, direction }: Reference) {
  const [dataset, name] = collection.split('.')
  return { dataset, field: `${name}.${field}`, ...(direction !== 'both' && { direction }) }
}
