import { whole } from './make.ts'
import type { Collection, Field, Table, World } from './world.ts'

/**
 * Cuts a world down for as long as `isBad` holds of what is left: the smallest that is found is what a person reads. Not the
 * smallest there is; it stops after `most` tries.
 */
export async function shrink(
  world: World,
  isBad: (world: World) => Promise<boolean>,
  most = 400,
): Promise<World> {
  let best = world
  let tries = 0
  for (let smaller = true; smaller; ) {
    smaller = false
    for (const cut of cutsOf(best)) {
      if (++tries > most) return best
      const candidate = cut(best)
      if (!isSound(candidate) || !(await isBad(candidate))) continue
      best = candidate
      smaller = true
      break
    }
  }
  return best
}

type Cut = (world: World) => World

/** Large pieces first. */
function* cutsOf(world: World): Generator<Cut> {
  for (const table of world.tables.slice(1)) yield (w) => withoutTable(w, table)
  for (const c of world.collections)
    yield (w) =>
      withCollections(
        w,
        w.collections.filter((x) => x !== c),
      )
  for (const table of world.tables) {
    const half = Math.ceil(table.rows.length / 2)
    if (half > 1) {
      yield (w) => withTable(w, table, { rows: table.rows.slice(half) })
      yield (w) => withTable(w, table, { rows: table.rows.slice(0, half) })
    }
    for (const row of table.rows)
      yield (w) => withTable(w, table, { rows: table.rows.filter((r) => r !== row) })
  }
  for (const known of world.identities.slice(1))
    yield (w) => ({ ...w, identities: w.identities.filter((x) => x !== known) })
  for (const table of world.tables)
    for (const fk of table.foreignKeys)
      yield (w) => withTable(w, table, { foreignKeys: table.foreignKeys.filter((x) => x !== fk) })
  for (const c of world.collections) for (const field of c.fields) yield* fieldCuts(c, field)
  for (const table of world.tables)
    for (const column of table.columns) yield (w) => withoutColumn(w, table, column.name)
}

function* fieldCuts(c: Collection, field: Field): Generator<Cut> {
  const withField = (w: World, now: Field[]) =>
    withCollections(
      w,
      w.collections.map((x) =>
        x === c ? { ...c, fields: c.fields.flatMap((f) => (f === field ? now : [f])) } : x,
      ),
    )
  if (!c.key.includes(field.name)) yield (w) => withField(w, [])
  for (const ref of field.references)
    yield (w) => withField(w, [{ ...field, references: field.references.filter((r) => r !== ref) }])
  for (const word of ['erase', 'freeText', 'secret', 'format', 'link', 'identity'] as const)
    if (field[word] !== undefined)
      yield (w) => {
        const { [word]: _, ...rest } = field
        return withField(w, [rest])
      }
}

const withCollections = (w: World, collections: readonly Collection[]): World => ({
  ...w,
  collections: whole(collections),
})

const withTable = (w: World, table: Table, now: Partial<Table>): World => ({
  ...w,
  tables: w.tables.map((t) => (t === table ? { ...table, ...now } : t)),
})

function withoutTable(w: World, table: Table): World {
  const tables = w.tables
    .filter((t) => t !== table)
    .map((t) =>
      t.store === table.store
        ? { ...t, foreignKeys: t.foreignKeys.filter((fk) => fk.table !== table.name) }
        : t,
    )
  const collections = w.collections.filter((c) => c.store !== table.store || c.table !== table.name)
  const stores = w.stores.filter((store) => tables.some((t) => t.store === store))
  return withCollections({ ...w, tables, stores }, collections)
}

function withoutColumn(w: World, table: Table, name: string): World {
  const collections = w.collections.map((c) =>
    c.store === table.store && c.table === table.name
      ? { ...c, fields: c.fields.filter((f) => f.name !== name) }
      : c,
  )
  const next = withTable(w, table, {
    columns: table.columns.filter((c) => c.name !== name),
    unique: table.unique.filter((key) => !key.includes(name)),
    foreignKeys: table.foreignKeys.filter((fk) => !fk.columns.includes(name)),
  })
  return withCollections(next, collections)
}

/** Would a database take it, and a map be read? */
function isSound(world: World): boolean {
  return (
    world.collections.length > 0 &&
    world.collections.every((c) => {
      const table = world.tables.find((t) => t.store === c.store && t.name === c.table)
      const has = (name: string) => table?.columns.some((column) => column.name === name)
      return table && [...c.key, ...Object.keys(c.rows), ...c.fields.map((f) => f.name)].every(has)
    }) &&
    world.tables.every((table) => table.key.every((k) => table.columns.some((c) => c.name === k))) &&
    world.tables.every((table) =>
      table.foreignKeys.every((fk) => {
        const parent = world.tables.find((t) => t.store === table.store && t.name === fk.table)
        return (
          parent &&
          fk.references.every((name) => parent.columns.some((c) => c.name === name)) &&
          table.rows.every(
            (row) =>
              fk.columns.some((column) => row[column] === null) ||
              parent.rows.some((p) =>
                fk.columns.every((column, i) => row[column] === p[fk.references[i] as string]),
              ),
          )
        )
      }),
    )
  )
}
