import type { Dice } from './dice.ts'
import type { Shape, Use } from './shape.ts'
import type { Cell, Collection, Field, Reference } from './world.ts'

/** The map over the tables: mostly sensible, as somebody in a hurry writes it. */
export function makeCollections(dice: Dice, shapes: readonly Shape[]): Collection[] {
  const read = shapes.map((shape) => readersOf(dice, shape))
  return shapes.flatMap((shape, i) =>
    (read[i] as Reader[]).map((reader) => collectionOf(dice, shapes, read, shape, i, reader)),
  )
}

/** One collection of a table: the rows it reads, and whether it names only some columns. */
interface Reader {
  readonly id: string
  readonly name: string
  readonly rows: Readonly<Record<string, readonly Cell[]>>
  readonly leavesOut: readonly string[]
}

function readersOf(dice: Dice, shape: Shape): Reader[] {
  const reader = (name: string, more: Partial<Reader> = {}): Reader => ({
    id: `${shape.store}.${name}`,
    name,
    rows: {},
    leavesOut: [],
    ...more,
  })
  if (!shape.people && dice.chance(0.07)) return []
  if (shape.uses['kind'] && dice.chance(0.7)) {
    const nullable = shape.columns.some((c) => c.name === 'kind' && c.nullable)
    const rest: Cell[] = nullable && dice.chance(0.5) ? ['b', null] : ['b']
    return [
      reader(`${shape.name}_a`, { rows: { kind: ['a'] } }),
      ...(dice.chance(0.8) ? [reader(`${shape.name}_b`, { rows: { kind: rest } })] : []),
    ]
  }
  // A row that belongs to two people, read once for each side.
  const sides = shape.columns.filter(
    (c) => ['email', 'phone', 'ref'].includes((shape.uses[c.name] as Use).is) && !shape.key.includes(c.name),
  )
  if (!shape.people && sides.length >= 2 && dice.chance(0.2)) {
    const other = sides[1]?.name
    // Each side names its own columns only: what one empties the other must not want kept.
    const rest = shape.columns
      .map((c) => c.name)
      .filter((name) => name !== other && !shape.key.includes(name))
    return [
      reader(`${shape.name}_one`, { leavesOut: [other as string] }),
      reader(`${shape.name}_other`, { leavesOut: rest }),
    ]
  }
  return [reader(shape.name)]
}

function collectionOf(
  dice: Dice,
  shapes: readonly Shape[],
  read: readonly (readonly Reader[])[],
  shape: Shape,
  i: number,
  reader: Reader,
): Collection {
  const isSide = reader.leavesOut.length > 0
  const erase = isSide ? 'anonymise' : dice.weighed({ delete: 5, anonymise: 4, keep: 1 })
  const columns = shape.columns.filter(
    (c) => !reader.leavesOut.includes(c.name) && (shape.key.includes(c.name) || dice.chance(0.94)),
  )
  const fields = columns.map((column) => {
    const use = shape.uses[column.name] as Use
    const isKey = shape.key.includes(column.name)
    const field = fieldOf(dice, shapes, read, shape, i, column.name, use)
    return isKey ? field : { ...field, ...masked(dice, shape, column.name, use, erase) }
  })
  return {
    id: reader.id,
    store: shape.store,
    name: reader.name,
    table: shape.name,
    rows: reader.rows,
    person: shape.people,
    ...(shape.key.length === 1 && !shape.people && dice.chance(0.15) && { counted: true }),
    ...(dice.chance(0.35) && writtenBy(dice, shapes, shape, reader, fields)),
    erase,
    key: shape.key,
    fields,
  }
}

/** A reference to people says who wrote the row, where there is another by which it may be reached. */
function writtenBy(
  dice: Dice,
  shapes: readonly Shape[],
  shape: Shape,
  reader: Reader,
  fields: readonly Field[],
): Pick<Collection, 'author'> {
  const field = fields.find(({ name }) => {
    const use = shape.uses[name] as Use
    return use.is === 'ref' && shapes[use.to]?.people === true && !shape.people
  })
  if (!field || field.references.length === 0) return {}
  const unless = shape.uses['kind'] && Object.keys(reader.rows).length === 0 && dice.chance(0.5)
  return { author: { field: field.name, ...(unless && { unless: { kind: ['b'] } }) } }
}

function fieldOf(
  dice: Dice,
  shapes: readonly Shape[],
  read: readonly (readonly Reader[])[],
  shape: Shape,
  i: number,
  name: string,
  use: Use,
): Field {
  const plain: Field = { name, categories: [], references: [] }
  switch (use.is) {
    case 'key':
    case 'line':
      return { ...plain, ...declaredAbove(dice, shapes, read, i, name) }
    case 'ref': {
      const readers = read[use.to] ?? []
      const references = dice.chance(0.94) ? towards(dice, readers, use.column) : []
      return {
        ...plain,
        ...(dice.chance(0.1) && { categories: ['user.unique_id'] }),
        references,
        ...(references.length > 0 &&
          dice.chance(0.85) && { link: dice.weighed({ owned: 6, shared: 3, mentioned: 1 }) }),
      }
    }
    case 'email':
    case 'phone':
      return contact(dice, shapes, read, shape, name, use.is)
    case 'number':
      return shape.people || dice.chance(0.3)
        ? { ...plain, categories: ['user.unique_id'], identity: 'customer_number', ...said(dice) }
        : { ...plain, categories: ['user.unique_id'] }
    case 'name':
      return { ...plain, categories: ['user.name'] }
    case 'text':
      return {
        ...plain,
        ...(dice.chance(0.5) && { categories: ['user.content'] }),
        ...(dice.chance(0.85) && { freeText: true }),
      }
    case 'plain':
      return {
        ...plain,
        categories: [dice.pick(['user.behavior', 'system.operations'])],
        ...(dice.chance(0.15) && { secret: true }),
      }
    case 'amount':
      return { ...plain, categories: [dice.pick(['user.payment', 'system.operations'])] }
    case 'kind':
      return { ...plain, categories: ['system.operations'] }
  }
}

const said = (dice: Dice): Pick<Field, 'link'> =>
  dice.chance(0.85) ? { link: dice.weighed({ owned: 5, shared: 2, mentioned: 1 }) } : {}

const towards = (dice: Dice, readers: readonly Reader[], field: string): Reference[] =>
  (dice.chance(0.7) ? readers : readers.slice(0, 1)).map(({ id }) => ({
    collection: id,
    field,
    direction: dice.weighed({ from: 7, both: 2, to: 1 }),
  }))

/** The key's own table may say it too: `to` the rows that point here. */
function declaredAbove(
  dice: Dice,
  shapes: readonly Shape[],
  read: readonly (readonly Reader[])[],
  i: number,
  name: string,
): Partial<Field> {
  if (!dice.chance(0.12)) return {}
  const references = shapes.flatMap((child, n) =>
    child.columns.flatMap((column) => {
      const use = child.uses[column.name] as Use
      if (use.is !== 'ref' || use.to !== i || use.column !== name || !dice.chance(0.6)) return []
      return (read[n] ?? [])
        .filter((reader) => !reader.leavesOut.includes(column.name))
        .map(
          ({ id }): Reference => ({
            collection: id,
            field: column.name,
            direction: dice.chance(0.7) ? 'to' : 'both',
          }),
        )
    }),
  )
  if (references.length === 0) return {}
  return {
    references,
    ...(dice.chance(0.7) && { link: dice.weighed({ owned: 3, shared: 2, mentioned: 0 }) }),
  }
}

/** An address or number: an identity, fed by the address or number of people, both, or neither. */
function contact(
  dice: Dice,
  shapes: readonly Shape[],
  read: readonly (readonly Reader[])[],
  shape: Shape,
  name: string,
  is: 'email' | 'phone',
): Field {
  const categories = [is === 'email' ? 'user.contact.email' : 'user.contact.phone_number']
  const how = shape.people ? 'identity' : dice.weighed({ identity: 3, fed: 3, both: 1, neither: 2 })
  const sources = shapes.flatMap((s, n) =>
    s.people && s.uses[is]
      ? (read[n] ?? []).map(({ id }): Reference => ({ collection: id, field: is, direction: 'from' }))
      : [],
  )
  const references = how === 'fed' || how === 'both' ? sources : []
  const identity = how === 'identity' || how === 'both'
  return {
    name,
    categories,
    references,
    ...(identity ? { identity: is } : how === 'fed' || dice.chance(0.5) ? { format: is } : {}),
    ...((identity || references.length > 0) && (shape.people ? { link: 'owned' as const } : said(dice))),
  }
}

/** What the map says becomes of a column, if it says anything. */
function masked(
  dice: Dice,
  shape: Shape,
  name: string,
  use: Use,
  erase: Collection['erase'],
): Partial<Field> {
  const nullable = shape.columns.some((c) => c.name === name && c.nullable)
  const isUnique = shape.unique.some((key) => key.includes(name))
  const template = shape.key.length === 1 ? `erased-{${shape.key[0]}}` : 'erased'
  switch (use.is) {
    case 'ref':
      return erase === 'anonymise' && nullable && dice.chance(0.4) ? { erase: 'null' } : {}
    case 'email':
    case 'phone':
    case 'number':
    case 'name':
      if (isUnique && !nullable) return { erase: template }
      return dice.chance(0.4)
        ? {
            erase: dice.weighed({
              null: nullable ? 2 : 0,
              [template]: isUnique && !template.includes('{') ? 0 : 2,
              redact: use.is === 'name' ? 0 : 1,
            }),
          }
        : {}
    case 'text':
      return dice.chance(0.4) ? { erase: dice.weighed({ redact: 3, null: nullable ? 1 : 0 }) } : {}
    case 'plain':
      return dice.chance(0.3) ? { erase: dice.weighed({ keep: 1, gone: 1, null: nullable ? 1 : 0 }) } : {}
    case 'amount':
      return dice.chance(0.2) ? { erase: dice.weighed({ keep: 1, '1': 1, null: nullable ? 1 : 0 }) } : {}
    case 'key':
    case 'line':
    case 'kind':
      return {}
  }
}
