import { type Collection, type Field, type Format, formatOf, type Link, type World } from '../world.ts'

/*
 * Which steps a search may take, from policies/datamap/README.md: "a reference says direction: from (the other field feeds this
 * one) or to; link stands on the field that carries the reference. Without link the safe reading holds: found by an identity →
 * owned; pointing (from) at the key of a row → that row's owner; everything else → shared."
 */

/** Rows of `to` whose `toField` holds what a row of `from` has in `fromField`. */
export interface Way {
  readonly from: Collection
  readonly fromField: string
  readonly to: Collection
  readonly toField: string
  readonly link: Link
  readonly format: Format
}

const strength: Readonly<Record<Link, number>> = { mentioned: 1, shared: 2, owned: 3 }
const weaker = (a: Link, b: Link): Link => (strength[a] < strength[b] ? a : b)

interface Declared {
  readonly way: Way
  readonly said: boolean
}

export function waysOf(world: World): Way[] {
  const declared = world.collections.flatMap((c) => c.fields.flatMap((f) => declaredBy(world, c, f)))
  const sameStep = Map.groupBy(declared, ({ way: w }) =>
    JSON.stringify([w.from.id, w.fromField, w.to.id, w.toField]),
  )
  // Where both ends declare one step, what one of them says outdoes silence, and of two the weaker counts.
  return [...sameStep.values()].map((all) => {
    const said = all.filter((d) => d.said)
    const counting = said.length > 0 ? said : all
    const link = counting.map((d) => d.way.link).reduce(weaker)
    return { ...(all[0] as Declared).way, link }
  })
}

function declaredBy(world: World, here: Collection, field: Field): Declared[] {
  return field.references.flatMap((ref) => {
    const there = world.collections.find((c) => c.id === ref.collection)
    const other = there?.fields.find((f) => f.name === ref.field)
    if (!there || !other) throw new Error(`${here.id}.${field.name} points nowhere`)
    const format = formatOf(field) === 'exact' ? formatOf(other) : formatOf(field)
    const said = field.link !== undefined
    const feeding = (link: Link): Declared => ({
      way: { from: there, fromField: ref.field, to: here, toField: field.name, link, format },
      said,
    })
    const leaving = (link: Link): Declared => ({
      way: { from: here, fromField: field.name, to: there, toField: ref.field, link, format },
      said,
    })
    const isKey = there.key.length === 1 && there.key[0] === ref.field
    switch (ref.direction) {
      case 'from':
        return [feeding(field.link ?? (isKey ? 'owned' : 'shared'))]
      case 'to':
        return [leaving(field.link ?? 'shared')]
      case 'both':
        // What is said holds for the rows of its own collection; the way back is shared at most.
        return [feeding(field.link ?? 'shared'), leaving(weaker(field.link ?? 'shared', 'shared'))]
    }
  })
}
