import { type Collection, columnOf, type Field, type ForeignKey, isPersonal, tableOf } from '../world.ts'
import type { Table, World } from '../world.ts'
import { type Way, waysOf } from './ways.ts'

/*
 * What the map and the schema alone forbid, whoever asks: `lethe check` must stop it before the first write. Written from what
 * README.md and the check's own messages promise ("a finding of level error means that a run would fail or reach other
 * people's rows").
 */
export function refusals(world: World): string[] {
  const ways = waysOf(world)
  return world.collections.flatMap((c) => {
    const table = tableOf(world, c)
    return [
      ...renamed(world, c, table),
      ...c.fields.flatMap((field) => maskRefusals(c, table, field)),
      ...(c.erase === 'anonymise' ? keyRefusals(c) : []),
      ...(c.erase === 'delete' ? deleteRefusals(world, ways, c) : []),
    ]
  })
}

/** Where all of a row is its name, a second collection would not find again what a first has changed. */
const renamed = (world: World, c: Collection, table: Table): string[] =>
  table.key.length > 0
    ? []
    : world.collections
        .filter((d) => d !== c && tableOf(world, d) === table)
        .filter(
          (d) =>
            !Object.keys(c.rows).some((column) => !c.rows[column]?.some((v) => d.rows[column]?.includes(v))),
        )
        .map((d) => `${c.id} and ${d.id} read the same rows, which have no key`)

/** Keys are never masked, so a key that names a person would outlive the anonymising. */
const keyRefusals = (c: Collection): string[] =>
  c.fields
    .filter((f) => c.key.includes(f.name))
    .filter((f) => f.identity !== undefined || (isPersonal(f) && !f.categories.includes('user.unique_id')))
    .map((f) => `${c.id}.${f.name}: a key that is about a person cannot be anonymised`)

function maskRefusals(c: Collection, table: Table, field: Field): string[] {
  if (c.key.includes(field.name)) return []
  const column = columnOf(table, field.name)
  const loses = field.link === 'shared' || field.link === 'mentioned'
  if (field.erase === undefined && !loses && c.erase !== 'anonymise') return []
  const byNature = field.freeText || isPersonal(field)
  const mask = field.erase ?? (byNature ? (column.nullable ? 'null' : 'neutral') : 'keep')
  if (mask === 'keep') return []
  if (mask === 'null') return column.nullable ? [] : [`${c.id}.${field.name}: null does not go into NOT NULL`]
  if (mask === 'redact') return column.type === 'text' ? [] : [`${c.id}.${field.name}: redact needs text`]
  const value = mask === 'neutral' ? (column.type === 'integer' ? '0' : '[erased]') : mask
  const varies = value.includes('{')
  return [
    ...(column.type === 'integer' && !/^\d+$/.test(value.replace(/\{\w+\}/g, '1'))
      ? [`${c.id}.${field.name}: "${value}" is no number`]
      : []),
    ...(!varies && table.unique.some((key) => key.length === 1 && key[0] === field.name)
      ? [`${c.id}.${field.name}: "${value}" would stand in a unique column twice`]
      : []),
    ...(table.foreignKeys.some((fk) => fk.columns.includes(field.name))
      ? [`${c.id}.${field.name}: "${value}" must point at a row`]
      : []),
  ]
}

/** What would happen to tables that point at one whose rows are deleted, and to those that point at rows that go along. */
function deleteRefusals(
  world: World,
  ways: readonly Way[],
  parent: Collection,
  seen: ReadonlySet<Collection> = new Set(),
): string[] {
  const table = tableOf(world, parent)
  return world.tables
    .filter((child) => child.store === table.store)
    .flatMap((child) =>
      child.foreignKeys
        .filter((fk) => fk.table === table.name)
        .flatMap((fk) => {
          const readers = world.collections.filter((c) => c.store === child.store && c.table === child.name)
          const along = ways.filter((way) => readers.includes(way.to) && fk.columns.includes(way.toField))
          const name = `${child.name}(${fk.columns.join()}) ${fk.onDelete} → ${parent.id}`
          switch (fk.onDelete) {
            case 'set null':
              return []
            case 'cascade': {
              const reached = along.filter((way) => way.from === parent)
              const further = readers.filter((c) => c.erase === 'anonymise' && !seen.has(c))
              return [
                ...takenAlong(readers, reached).map((why) => `${name}: ${why}`),
                ...further.flatMap((c) => deleteRefusals(world, ways, c, new Set([...seen, ...further]))),
              ]
            }
            case 'restrict':
            case 'no action': {
              const isFollowed = along.some((way) => tableOf(world, way.from) === table)
              if (!isFollowed && !isDeclared(ways, parent, readers, fk))
                return [`${name}: refused while rows the map does not follow point there`]
              const goes = child === table || readers.some((c) => c.erase === 'delete' || detaches(c, fk))
              return goes ? [] : [`${name}: refused while rows that stay point there`]
            }
          }
        }),
    )
}

/** Rows that a store takes along must all be found to be hers, and none of them kept. */
function takenAlong(readers: readonly Collection[], reached: readonly Way[]): string[] {
  if (reached.length === 0) return ['the map does not know that rows go along']
  if (reached.some((way) => way.link !== 'owned')) return ['rows that are other people’s too go along']
  const found = new Set(reached.map((way) => way.to))
  const isWhole = [...found].some((c) => Object.keys(c.rows).length === 0)
  if (!isWhole && readers.some((c) => !found.has(c))) return ['rows that another collection reads go along']
  return readers.some((c) => c.erase === 'keep') ? ['rows that are kept go along'] : []
}

const isDeclared = (
  ways: readonly Way[],
  parent: Collection,
  readers: readonly Collection[],
  fk: ForeignKey,
): boolean =>
  ways.some(
    (way) =>
      way.to.store === parent.store &&
      way.to.table === parent.table &&
      readers.includes(way.from) &&
      fk.columns.includes(way.fromField),
  )

/** Rows that stay lose their pointer. */
const detaches = (c: Collection, fk: ForeignKey): boolean =>
  c.erase === 'anonymise' && c.fields.some((f) => fk.columns.includes(f.name) && f.erase === 'null')
