import { makeCollections } from './collections.ts'
import { dice as diceOf, type Dice } from './dice.ts'
import { fill } from './fill.ts'
import { refusals } from './oracle/refusals.ts'
import { makePeople, type Person } from './people.ts'
import { makeShapes } from './shape.ts'
import type { Collection, Known, World } from './world.ts'

/** The world of a seed. Most can be erased from: one that the map alone forbids is thrown away but now and then. */
export function makeWorld(seed: number, options: { readonly caseBlind?: boolean } = {}): World {
  const dice = diceOf(seed)
  const mayRefuse = dice.chance(0.12)
  for (let tries = 0; ; tries++) {
    const world = draw(seed, dice, options.caseBlind ?? false)
    if (mayRefuse || tries > 30 || refusals(world).length === 0) return world
  }
}

function draw(seed: number, dice: Dice, caseBlind: boolean): World {
  const stores = dice.chance(0.4) ? ['one', 'two'] : ['one']
  const shapes = makeShapes(dice, stores)
  const people = makePeople(dice)
  const { rows, meanings, texts } = fill(dice, shapes, people, caseBlind)
  return {
    seed,
    stores: stores.filter((store) => shapes.some((shape) => shape.store === store)),
    tables: shapes.map(({ store, name, columns, key, unique, foreignKeys }, i) => ({
      store,
      name,
      columns,
      key,
      unique,
      foreignKeys,
      rows: rows[i] ?? [],
    })),
    collections: whole(makeCollections(dice, shapes)),
    identities: proved(dice, dice.pick(people)),
    meanings,
    texts,
  }
}

/** Without references to what another collection leaves out. */
export function whole(collections: readonly Collection[]): Collection[] {
  const has = (id: string, field: string) =>
    collections.some((c) => c.id === id && c.fields.some((f) => f.name === field))
  return collections.map((c) => {
    const fields = c.fields.map((field) => {
      const references = field.references.filter((ref) => has(ref.collection, ref.field))
      const { link, ...rest } = field
      return { ...rest, references, ...(link && (field.identity || references.length > 0) && { link }) }
    })
    const { author, ...others } = c
    const isWritten = fields.some((f) => f.name === author?.field && f.references.length > 0)
    return { ...others, fields, ...(author && isWritten && { author }) }
  })
}

/** An address, and perhaps her number or telephone. */
function proved(dice: Dice, person: Person): Known[] {
  const more = [person.phone, person.number, ...person.emails.slice(1)]
  return [person.emails[0] as Known, ...dice.some(more, 0.2)]
}
