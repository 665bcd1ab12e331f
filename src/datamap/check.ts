import type { CatalogueLike, Catalogues, TableLike } from './catalogue.ts'
import { columnOf, looksPersonal } from './catalogue.ts'
import { cutFindings, deleteFindings, updateFindings } from './check-keys.ts'
import { lookupFindings } from './check-lookups.ts'
import { maskFindings } from './check-masks.ts'
import { type Mapped, ruleFindings, serverFindings } from './check-rules.ts'
import { wordFindings } from './check-words.ts'
import { columnsNamed, coverage } from './coverage.ts'
import { reachable } from './graph.ts'
import { keyOf } from './keys.ts'
import { fieldAt } from './links.ts'
import type { CollectionMap, DataMap, Finding, Graph } from './model.ts'
import { maybe } from './reading.ts'
import { covers, isPersonal } from './taxonomy.ts'

/**
 * Holds the map against the live schemas. A finding of level `error` means that a run would fail or reach other
 * people's rows: nothing may be written before it is gone. `warning`: it works, at a price that is named. `note`:
 * coverage. Give it the map of `withLiveKeys`, so that a key the file leaves out is not missed. Collections of stores without a catalogue are not looked at (the caller says that the store is down).
 */
export function checkMap(map: DataMap, graph: Graph, catalogues: Catalogues): Finding[] {
  const all = [...map.collections.values()]
  const tableOf = (c: CollectionMap) => catalogues.get(c.store)?.tables.find((t) => t.name === c.table)
  const reached = reachable(graph)
  const checked = all.filter((c) => !c.skip && catalogues.has(c.store))
  return [
    ...checked.flatMap((c) => {
      const catalogue = catalogues.get(c.store) as CatalogueLike
      const table = tableOf(c)
      if (!table) return [noTable(c, catalogue)]
      const mates = all.filter((other) => other.store === c.store)
      return [
        ...columnFindings(c, table),
        ...lookupFindings(c, catalogue),
        ...keyFindings(c, table, reached.has(c.id)),
        ...renamedFindings(c, mates),
        ...(reached.has(c.id) ? bytesFindings(c, table, graph) : []),
        ...stayingFindings(c),
        ...maskFindings(c, table),
        ...updateFindings(c, table, catalogue),
        ...(c.erase === 'delete' ? deleteFindings(c, table, { catalogue, mates, edges: graph.edges }) : []),
        ...costFindings(c, table, graph),
        ...wordFindings(c, table, graph, mates),
        ...(reached.has(c.id) ? [] : unreached(c)),
      ]
    }),
    ...cutFindings(graph.cuts, map.collections, tableOf),
    ...tableFindings(all, catalogues, graph, tableOf),
    ...coverageFindings(map, catalogues),
  ]
}

const noTable = (c: CollectionMap, catalogue: CatalogueLike): Finding => ({
  level: 'error',
  where: c.where,
  message: `the store ${c.store} has no table "${c.table}"${maybe(
    c.table,
    catalogue.tables.map((t) => t.name),
  )}`,
  hint: 'Correct the name (lethe: {table: …}), or take the collection out.',
})

function columnFindings(c: CollectionMap, table: TableLike): Finding[] {
  const names = table.columns.map((column) => column.name)
  return columnsNamed(c)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      level: 'error',
      where: c.fields.find((f) => f.name === name)?.where ?? c.where,
      message: `the table ${c.store}.${table.name} has no column "${name}"${maybe(name, names)}`,
      hint: 'Correct the name, take it out of the map, or let the account see it (MariaDB hides what it may not read).',
    }))
}

function keyFindings(c: CollectionMap, table: TableLike, reached: boolean): Finding[] {
  const say = (level: Finding['level'], message: string, hint: string): Finding[] => [
    { level, where: c.where, message, hint },
  ]
  if (table.kind === 'view' && c.erase !== 'keep' && !c.derived)
    return say(
      'error',
      `${c.store}.${table.name} is a view, in which nothing can be erased`,
      'Map the tables behind it.',
    )
  const unique = [table.primaryKey, ...table.uniqueKeys].filter((key) => key.length > 0)
  if (c.wholeRow)
    return say(
      'note',
      `${c.store}.${table.name} has no key: a row is told from others by all of it, and rows that are the same go together`,
      'Nothing to do; with a key it goes faster.',
    )
  if (c.key.length > 0) {
    if (c.key.some((column) => !columnOf(table, column))) return []
    if (unique.some((key) => key.every((column) => c.key.includes(column)))) return []
    return say(
      'error',
      `the key (${c.key.join(', ')}) does not tell rows of ${c.store}.${table.name} apart`,
      `Name a unique key: ${unique.map((k) => `(${k.join(', ')})`).join(' or ') || 'the table has none'}.`,
    )
  }
  const own = keyOf(table)
  if (!reached) return []
  return say(
    'error',
    `"${c.name}" names no key${own.length > 0 ? '' : `, and ${c.store}.${table.name} has none`}: its rows cannot be told apart`,
    own.length > 0 ? `Write lethe: {key: [${own.join(', ')}]}.` : 'Add a primary key to the table.',
  )
}

/** What is compared travels as text. */
function bytesFindings(c: CollectionMap, table: TableLike, graph: Graph): Finding[] {
  const compared = new Set([
    ...graph.seeds.filter((s) => s.collection === c.id).map((s) => s.field),
    ...graph.edges.filter((e) => e.from === c.id).map((e) => e.fromField),
    ...graph.edges.filter((e) => e.to === c.id).map((e) => e.toField),
  ])
  return (
    [...compared]
      // What is packed is compared as the texts inside it.
      .filter((name) => columnOf(table, name)?.kind === 'bytes' && !fieldAt(c, name)?.encoding)
      .map((name) => ({
        level: 'error',
        where: c.fields.find((f) => f.name === name)?.where ?? c.where,
        message: `${c.store}.${table.name}.${name} holds bytes, by which no row can be found yet`,
        hint: 'Refer by a column of text or numbers, or add a generated column with its text.',
      }))
  )
}

/** All of a row is its name where it has no key: what one collection changes in it, the next would not find again. */
function renamedFindings(c: CollectionMap, mates: readonly CollectionMap[]): Finding[] {
  if (!c.wholeRow) return []
  const other = mates
    .slice(mates.indexOf(c) + 1)
    .find((mate) => mate.wholeRow && !mate.skip && mate.table === c.table && mayMeet(c, mate))
  if (!other) return []
  return [
    {
      level: 'error',
      where: other.where,
      message: `"${c.name}" and "${other.name}" may read the same rows of ${c.store}.${c.table}, which has no key: what one changes, the other does not find again`,
      hint: 'Read the table in one collection, tell their rows apart (lethe: {rows: …}), or give the table a key.',
    },
  ]
}

/** Unless a column tells their rows apart. */
const mayMeet = (a: CollectionMap, b: CollectionMap): boolean =>
  !Object.entries(a.rows).some(([column, values]) => {
    const others = b.rows[column]
    return others !== undefined && !values.some((value) => others.includes(value))
  }) &&
  !Object.entries(a.lookups ?? {}).some(([column, lookup]) => {
    const other = b.lookups?.[column]
    return other !== undefined && JSON.stringify(other) !== JSON.stringify(lookup)
  })

/** Keys are never masked, so a key that names a person would outlive the anonymising. */
function stayingFindings(c: CollectionMap): Finding[] {
  if (c.erase !== 'anonymise' || c.wholeRow) return []
  return c.fields
    .filter((f) => c.key.includes(f.name) && !f.readOnly)
    .filter(
      (f) =>
        f.identity !== undefined || f.categories.some((x) => isPersonal(x) && !covers('user.unique_id', x)),
    )
    .map((f) => ({
      level: 'error',
      where: f.where,
      message: `"${f.name}" is part of the key of "${c.name}" and about a person: anonymising leaves it as it is`,
      hint: 'Say erase: delete for the collection, or read_only for a field that may stay.',
    }))
}

function costFindings(c: CollectionMap, table: TableLike, graph: Graph): Finding[] {
  const asked = new Set([
    ...graph.seeds.filter((s) => s.collection === c.id).map((s) => s.field),
    ...graph.edges.filter((e) => e.to === c.id).map((e) => e.toField),
  ])
  return [...asked]
    .filter((name) => isThere(c, table, name) && !table.indexed.includes(name))
    .map((name) => ({
      level: 'warning',
      where: c.fields.find((f) => f.name === name)?.where ?? c.where,
      message: `${c.store}.${table.name} is searched by "${name}", which no index begins with: a search may read all of about ${table.estimatedRows} rows`,
      hint: `Add an index on ${table.name} (${name}).`,
    }))
}

/** A column, or what lies inside one. */
const isThere = (c: CollectionMap, table: TableLike, name: string): boolean =>
  columnOf(table, name) !== undefined || c.fields.some((f) => f.nested && name.startsWith(`${f.name}.`))

const unreached = (c: CollectionMap): Finding[] =>
  c.fields.some((f) => f.categories.some(isPersonal))
    ? [
        {
          level: 'warning',
          where: c.where,
          message: `no identity and no reference leads to "${c.id}": nobody's rows are ever found there`,
          hint: 'Add fides_meta.identity or fides_meta.references to a field, or leave it to a retention rule.',
        },
      ]
    : []

/** Once for a table, however many collections read it. */
function tableFindings(
  all: readonly CollectionMap[],
  catalogues: Catalogues,
  graph: Graph,
  tableOf: (c: CollectionMap) => TableLike | undefined,
): Finding[] {
  return [...catalogues].flatMap(([store, catalogue]) => {
    const mine = all.filter((c) => c.store === store)
    const named = new Set(mine.map((c) => c.table))
    const read = mine.filter((c) => !c.skip)
    const mapped = [...Map.groupBy(read, tableOf)].flatMap(([table, collections]): Mapped[] =>
      table ? [{ table, collections, where: collections[0]?.where ?? '', id: `${store}.${table.name}` }] : [],
    )
    return [
      ...mapped.flatMap((one) => ruleFindings(one, catalogue, graph, named)),
      ...serverFindings(store, catalogue, mapped),
    ]
  })
}

function coverageFindings(map: DataMap, catalogues: Catalogues): Finding[] {
  return coverage(map, catalogues).flatMap(({ store, tables, unknownTables }) => {
    const read = (table: string) =>
      [...map.collections.values()].find((c) => c.store === store && c.table === table)?.where ??
      `store ${store}`
    const columns = (table: string) =>
      catalogues
        .get(store)
        ?.tables.find((t) => t.name === table)
        ?.columns.map((c) => c.name) ?? []
    return [
      ...tables.flatMap((t) =>
        t.unknown.map((column) =>
          undeclared(
            read(t.table),
            `the column ${store}.${t.table}.${column}`,
            looksPersonal(column) ? [column] : [],
          ),
        ),
      ),
      ...unknownTables
        .filter((name) => !isWindow(catalogues.get(store), name))
        .map((table) =>
          undeclared(`store ${store}`, `the table ${store}.${table}`, columns(table).filter(looksPersonal)),
        ),
    ]
  })
}

/** A plain view keeps no rows of its own. */
const isWindow = (catalogue: CatalogueLike | undefined, name: string): boolean => {
  const table = catalogue?.tables.find((t) => t.name === name)
  return table?.kind === 'view' && table.materialised !== true && (table.reads ?? []).length > 0
}

const undeclared = (where: string, what: string, personal: readonly string[]): Finding => ({
  level: personal.length > 0 ? 'warning' : 'note',
  where,
  message: `${what} is not declared${personal.length > 0 ? `, and ${personal.join(', ')} looks personal` : ''}`,
  hint: 'Add it to the data map, with data_categories: [system.operations] when it is about nobody.',
})
