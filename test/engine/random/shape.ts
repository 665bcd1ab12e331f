import type { Dice } from './dice.ts'
import type { Column, ForeignKey } from './world.ts'

/** What stands in a column. */
export type Use =
  | { readonly is: 'key'; readonly style: 'small' | 'big' | 'code' }
  | { readonly is: 'line' }
  | { readonly is: 'ref'; readonly to: number; readonly column: string; readonly real: boolean }
  | { readonly is: 'email' | 'phone' | 'name' | 'number' | 'text' | 'plain' | 'amount' | 'kind' }

/** A table before it has rows. */
export interface Shape {
  readonly store: string
  readonly name: string
  readonly people: boolean
  readonly columns: readonly Column[]
  readonly uses: Readonly<Record<string, Use>>
  readonly key: readonly string[]
  readonly unique: readonly (readonly string[])[]
  readonly foreignKeys: readonly ForeignKey[]
}

interface Draft extends Shape {
  /** Its key is made of its references. */
  readonly isLink?: boolean
  readonly key: string[]
  readonly columns: Column[]
  readonly uses: Record<string, Use>
  readonly unique: string[][]
  readonly foreignKeys: ForeignKey[]
}

/** Two to eight tables over one or two stores; the first holds people, and perhaps another does. */
export function makeShapes(dice: Dice, stores: readonly string[]): Shape[] {
  const count = 2 + dice.below(7)
  const secondPeople = count > 2 && dice.chance(0.25) ? 1 : -1
  const shapes = Array.from({ length: count }, (_, i): Draft => {
    const store = i === 0 ? (stores[0] as string) : dice.pick(stores)
    return i === 0 || i === secondPeople ? peopleShape(dice, store, i) : plainShape(dice, store, i)
  })
  for (const [i, shape] of shapes.entries()) addReferences(dice, shapes, shape, i)
  return shapes
}

const draft = (store: string, name: string, people: boolean, key: string[]): Draft => ({
  store,
  name,
  people,
  columns: [],
  uses: {},
  key,
  unique: [],
  foreignKeys: [],
})

function add(shape: Draft, column: Column, use: Use): void {
  shape.columns.push(column)
  shape.uses[column.name] = use
}

const keyStyles = { small: 4, big: 1, code: 2 } as const

function addKey(dice: Dice, shape: Draft): void {
  const style = dice.weighed(keyStyles)
  add(
    shape,
    { name: 'id', type: style === 'code' ? 'text' : 'integer', nullable: false },
    { is: 'key', style },
  )
}

function peopleShape(dice: Dice, store: string, i: number): Draft {
  const shape = draft(store, `people${i}`, true, ['id'])
  addKey(dice, shape)
  const text = (name: string, use: 'email' | 'phone' | 'name' | 'number' | 'text', p = 1) => {
    if (dice.chance(p)) add(shape, { name, type: 'text', nullable: dice.chance(0.7) }, { is: use })
  }
  text('email', 'email')
  text('email2', 'email', 0.2)
  text('phone', 'phone', 0.6)
  text('name', 'name', 0.8)
  text('number', 'number', 0.4)
  text('remark', 'text', 0.4)
  if (shape.uses['number'] && dice.chance(0.5)) shape.unique.push(['number'])
  return shape
}

function plainShape(dice: Dice, store: string, i: number): Draft {
  const style = dice.weighed({ one: 6, line: 1, links: 2, none: 1 })
  const key = style === 'one' ? ['id'] : style === 'line' ? ['nr', 'line'] : []
  const shape: Draft = { ...draft(store, `t${i}`, false, key), isLink: style === 'links' }
  if (style === 'one') addKey(dice, shape)
  if (style === 'line') {
    add(shape, { name: 'nr', type: 'integer', nullable: false }, { is: 'key', style: 'small' })
    add(shape, { name: 'line', type: 'integer', nullable: false }, { is: 'line' })
  }
  const optional = (name: string, type: Column['type'], use: Use, p: number) => {
    if (dice.chance(p)) add(shape, { name, type, nullable: dice.chance(0.7) }, use)
  }
  if (style === 'none') add(shape, { name: 'what', type: 'text', nullable: false }, { is: 'plain' })
  optional('email', 'text', { is: 'email' }, 0.25)
  optional('phone', 'text', { is: 'phone' }, 0.2)
  optional('number', 'text', { is: 'number' }, 0.1)
  optional('name', 'text', { is: 'name' }, 0.2)
  optional('body', 'text', { is: 'text' }, 0.45)
  optional('plain', 'text', { is: 'plain' }, 0.3)
  optional('amount', 'integer', { is: 'amount' }, 0.3)
  optional('kind', 'text', { is: 'kind' }, 0.3)
  return shape
}

function addReferences(dice: Dice, shapes: readonly Draft[], shape: Draft, i: number): void {
  const isLink = shape.isLink ?? false
  const targets = [...shapes.entries()].filter(
    ([, s]) => s.key.length === 1 && !s.uses[s.key[0] as string]?.is.startsWith('ref'),
  )
  const count = isLink
    ? 2
    : shape.people
      ? dice.chance(0.3)
        ? 1
        : 0
      : dice.weighed({ '0': 1, '1': 5, '2': 3, '3': 1 })
  for (let n = 0; n < Number(count); n++) {
    // Towards people more often than not, or a search would end at once; itself and later tables make circles.
    const people = targets.filter(([, s]) => s.people)
    const [to, target] = dice.pick(n === 0 && dice.chance(0.6) ? people : targets)
    const key = target.columns[0] as Column
    const name = `ref${n}`
    const real = target.store === shape.store && dice.chance(0.65)
    const nullable = !isLink && (to === i || dice.chance(0.6))
    // Without a foreign key the same number may be written as text, or a text where a number is meant.
    const type = !real && dice.chance(0.1) ? 'text' : key.type
    add(shape, { name, type, nullable }, { is: 'ref', to, column: key.name, real })
    if (real)
      shape.foreignKeys.push({
        columns: [name],
        table: target.name,
        references: [key.name],
        onDelete: dice.weighed({ cascade: 3, 'set null': nullable ? 2 : 0, restrict: 2, 'no action': 2 }),
      })
    if (isLink) shape.key.push(name)
  }
  const lines = shapes.filter((s) => s.key.join() === 'nr,line' && s.store === shape.store && s !== shape)
  if (!isLink && lines.length > 0 && dice.chance(0.5)) addPair(dice, shapes, shape, dice.pick(lines))
}

/** A foreign key of two columns. */
function addPair(dice: Dice, shapes: readonly Draft[], shape: Draft, target: Draft): void {
  const nullable = dice.chance(0.7)
  const to = shapes.indexOf(target)
  for (const column of target.key)
    add(
      shape,
      { name: `${target.name}_${column}`, type: 'integer', nullable },
      { is: 'ref', to, column, real: true },
    )
  shape.foreignKeys.push({
    columns: target.key.map((column) => `${target.name}_${column}`),
    table: target.name,
    references: target.key,
    onDelete: dice.weighed({ cascade: 3, 'set null': nullable ? 2 : 0, restrict: 2, 'no action': 2 }),
  })
}
