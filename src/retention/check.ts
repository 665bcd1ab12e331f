import { compareDurations, durationText, parseDuration } from '../base/duration.ts'
import { nearest } from '../base/nearest.ts'
import type { Problem } from '../base/yaml.ts'
import type { CollectionMap, DataMap } from '../datamap/model.ts'
import type { RawRule } from './schema.ts'

type At = (...path: (string | number)[]) => string
export interface Named {
  readonly raw: RawRule
  readonly at: At
}

/** By store and name; the data map's own id (`dataset.name`) works too. */
export const collectionNamed = (map: DataMap, data: string): CollectionMap | undefined =>
  [...map.collections.values()].find((c) => `${c.store}.${c.name}` === data) ?? map.collections.get(data)

/** What a rule says that the data map or another part of it contradicts. */
export function ruleProblems(raw: RawRule, map: DataMap, at: At): Problem[] {
  const problems: Problem[] = []
  const say = (where: string, message: string) => void problems.push({ where, message })
  if (raw.minimum && compareDurations(raw.minimum, raw.keep) > 0)
    say(
      at('minimum'),
      `minimum: ${durationText(raw.minimum)} is longer than keep, ${durationText(raw.keep)}; keep it at least as long as the law demands.`,
    )
  const collection = collectionNamed(map, raw.data)
  if (!collection) {
    const known = [...map.collections.values()].map((c) => `${c.store}.${c.name}`)
    say(at('data'), `data: the data map has no ${raw.data}${maybe(raw.data, known)}`)
    return problems
  }
  if (collection.skip)
    say(at('data'), `data: ${raw.data} has skip_processing in the data map; nothing there is ever purged.`)
  if (collection.key.length === 0)
    say(
      at('data'),
      `data: ${raw.data} has no key in the data map; name its key columns there (${collection.where}).`,
    )
  const columns = collection.fields.map((f) => f.name)
  if (!columns.includes(raw.from))
    say(at('from'), `from: ${raw.data} has no column ${raw.from}${maybe(raw.from, columns)}`)
  for (const column of Object.keys(raw.where ?? {}))
    if (!columns.includes(column))
      say(at('where', column), `where: ${raw.data} has no column ${column}${maybe(column, columns)}`)
  problems.push(...groundProblems(raw, collection, at))
  return problems
}

/** What the map keeps on a ground goes when the ground ends, not before. */
function groundProblems(raw: RawRule, collection: CollectionMap, at: At): Problem[] {
  if (collection.erase !== 'keep' || raw.then === 'review') return []
  const keep = collection.keep?.keep
  if (keep === undefined || collection.keep?.from === undefined)
    return [
      {
        where: at('then'),
        message: `then: the data map keeps ${raw.data} without an end (${collection.where}); give its keep a period and a column it counts from, or write "review".`,
      },
    ]
  const isShorter = compareDurations(raw.keep, parseDuration(keep)) < 0
  return isShorter && raw.from === collection.keep.from
    ? [
        {
          where: at('keep'),
          message: `keep: ${durationText(raw.keep)} is shorter than the ${keep} the data map keeps ${raw.data} for (${collection.where}).`,
        },
      ]
    : []
}

const maybe = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known)
  return near ? `; did you mean "${near}"?` : known.length > 0 ? `; there are ${known.join(', ')}.` : '.'
}

/** One id twice, and two rules that could both mean one row. */
export function sameData(rules: readonly Named[], map: DataMap): Problem[] {
  const problems: Problem[] = []
  for (const [i, one] of rules.entries())
    for (const other of rules.slice(0, i)) {
      if (one.raw.id === other.raw.id)
        problems.push({
          where: one.at('id'),
          message: `id: "${one.raw.id}" stands at ${other.at('id')} already; give one of them another.`,
        })
      const [a, b] = [collectionNamed(map, one.raw.data), collectionNamed(map, other.raw.data)]
      if (
        a &&
        b &&
        a.store === b.store &&
        a.table === b.table &&
        !areApart(conditionsOf(one.raw, a), conditionsOf(other.raw, b))
      )
        problems.push({
          where: one.at('data'),
          message: `data: ${one.raw.data} has the rule "${other.raw.id}" (${other.at()}) already; one type of data has one rule. Keep one, or tell them apart by where.`,
        })
    }
  return problems
}

interface Condition {
  readonly column: string
  readonly is: readonly (string | null)[]
  readonly not: boolean
}

const conditionsOf = (raw: RawRule, collection: CollectionMap): Condition[] => [
  ...Object.entries(collection.rows).map(([column, is]) => ({ column, is, not: false })),
  ...Object.entries(raw.where ?? {}).map(([column, condition]) => ({ column, ...condition })),
]

/** Some column's conditions cannot both hold. */
const areApart = (a: readonly Condition[], b: readonly Condition[]): boolean =>
  a.some((one) => b.some((other) => one.column === other.column && !canBoth(one, other)))

function canBoth(a: Condition, b: Condition): boolean {
  if (a.not && b.not) return true
  if (a.not) return b.is.some((value) => !a.is.includes(value))
  if (b.not) return a.is.some((value) => !b.is.includes(value))
  return a.is.some((value) => b.is.includes(value))
}
