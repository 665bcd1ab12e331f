import { LetheError } from '../base/errors.ts'
import type { Catalogues } from './catalogue.ts'
import { graphFindings } from './findings.ts'
import { allFields, edgesOf, endsOf, seedOf, weaker } from './links.ts'
import type { CollectionMap, DataMap, Edge, Graph } from './model.ts'
import { eraseOrder } from './order.ts'

/**
 * Where a search begins, which steps it may take, and in which order collections are erased. Collections with
 * `skip_processing` are not in it. Throws `invalid` with every reference that leads nowhere; a map that `loadDataMap`
 * answered has none. With the live schemas the order also keeps what the stores themselves enforce.
 */
export function buildGraph(map: DataMap, catalogues?: Catalogues): Graph {
  const wrong = graphFindings(map).filter((f) => f.level === 'error')
  if (wrong.length > 0)
    throw new LetheError('invalid', wrong.map((f) => `${f.where}: ${f.message}`).join('\n'), {
      hint: 'Correct the references of the data map.',
    })
  const live = [...map.collections.values()].filter((c) => !c.skip)
  const seeds = live.flatMap((c) =>
    allFields(c.fields).flatMap((field) =>
      field.identity === undefined ? [] : [seedOf(c, field, field.identity)],
    ),
  )
  return { seeds, edges: edgesIn(map, live), ...eraseOrder(map, catalogues) }
}

/** Each step once: where both ends declare it, what one of them says outdoes silence, and of two the weaker counts. */
function edgesIn(map: DataMap, live: readonly CollectionMap[]): Edge[] {
  const steps = new Map<string, { readonly edge: Edge; readonly said: boolean }>()
  for (const collection of live)
    for (const field of allFields(collection.fields))
      for (const ref of field.references) {
        const ends = endsOf(map, { collection, field }, ref)
        if ('level' in ends) continue
        const said = field.link !== undefined
        for (const edge of edgesOf(ends, ref.direction)) {
          const step = JSON.stringify([edge.from, edge.fromField, edge.to, edge.toField])
          const before = steps.get(step)
          if (!before || (said && !before.said)) steps.set(step, { edge, said })
          else if (said === before.said)
            steps.set(step, { edge: { ...edge, link: weaker(edge.link, before.edge.link) }, said })
        }
      }
  return [...[...steps.values()].map(({ edge }) => edge), ...live.flatMap(unitEdge)]
}

/** All legs of a record are reached with one of them. */
const unitEdge = ({ id, unit }: CollectionMap): Edge[] =>
  unit === undefined
    ? []
    : [{ from: id, fromField: unit, to: id, toField: unit, link: 'owned', format: 'exact' }]

/** Ids of the collections that a search can come to at all. */
export function reachable(graph: Graph): ReadonlySet<string> {
  const seen = new Set(graph.seeds.map((seed) => seed.collection))
  for (const id of seen) for (const edge of graph.edges) if (edge.from === id) seen.add(edge.to)
  return seen
}
