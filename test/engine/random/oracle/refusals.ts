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
      ...c.fields.flatMap((field) => maskRefusals(c, table, field)),
      ...(c.erase === 'anonymise' ? keyRefusals(c) : []),
      ...(c.erase === 'delete' ? deleteRefusals(world, ways, c, table) : []),
    ]
  })
}

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

/** What would happen to tables that point at one whose rows are deleted. */
function deleteRefusals(world: World, ways: readonly Way[], parent: Collection, table: Table): string[] {
  return world.tables
    .filter((other) => other.store === table.store)
    .flatMap((child) =>
      child.foreignKeys
        .filter((fk) => fk.table === table.name)
        .flatMap((fk) => childRefusals(world, ways, parent, table, child, fk)),
    )
}

function childRefusals(
  world: World,
  ways: readonly Way[],
  parent: Collection,
  table: Table,
  child: Table,
  fk: ForeignKey,
): string[] {
  const readers = world.collections.filter((c) => c.store === child.store && c.table === child.name)
  const along = ways.filter(
    (way) =>
      tableOf(world, way.from) === table &&
      tableOf(world, way.to) === child &&
      fk.columns.includes(way.toField),
  )
  const name = `${child.name}(${fk.columns.join()}) ${fk.onDelete} → ${parent.id}`
  switch (fk.onDelete) {
    case 'set null':
      return []
    case 'cascade':
      if (along.length === 0) return [`${name}: the map does not know that rows go along`]
      if (along.some((way) => way.link !== 'owned'))
        return [`${name}: rows that are other people's too go along`]
      if (readers.some((c) => c.erase === 'delete')) return []
      return readers.some((c) => c.erase === 'keep') ? [`${name}: rows that are kept go along`] : []
    case 'restrict':
    case 'no action':
      if (along.length === 0 && !isDeclared(world, table, readers, fk))
        return [`${name}: refused while rows the map does not follow point there`]
      if (child === table) return []
      if (readers.some((c) => c.erase === 'delete' || detaches(c, fk))) return []
      return [`${name}: refused while rows that stay point there`]
  }
}

const isDeclared = (world: World, table: Table, readers: readonly Collection[], fk: ForeignKey): boolean =>
  waysOf(world).some(
    (way) =>
      tableOf(world, way.to) === table && readers.includes(way.from) && fk.columns.includes(way.fromField),
  )

/** Rows that stay lose their pointer. */
const detaches = (c: Collection, fk: ForeignKey): boolean =>
  c.erase === 'anonymise' && c.fields.some((f) => fk.columns.includes(f.name) && f.erase === 'null')
