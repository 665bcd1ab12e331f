import { type CatalogueLike, columnOf } from './catalogue.ts'
import type { CollectionMap, Finding } from './model.ts'
import { maybe } from './reading.ts'

/** Whether the tables that give numbers to what `rows` names are there. */
export function lookupFindings(c: CollectionMap, { tables }: CatalogueLike): Finding[] {
  return Object.values(c.lookups ?? {}).flatMap(({ table: name, take, where }) => {
    const table = tables.find((t) => t.name === name)
    const wrong = (message: string): Finding => ({
      level: 'error',
      where: c.where,
      message: `the rows of "${c.name}" are told by a lookup, and ${message}`,
      hint: 'Correct lethe: {rows: {… {lookup, where, take}}}.',
    })
    if (!table)
      return [
        wrong(
          `the store ${c.store} has no table "${name}"${maybe(
            name,
            tables.map((t) => t.name),
          )}`,
        ),
      ]
    return [take, ...Object.keys(where)]
      .filter((column) => !columnOf(table, column))
      .map((column) => wrong(`the table ${c.store}.${name} has no column "${column}"`))
  })
}
