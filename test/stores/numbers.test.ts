import { describe, expect, test } from 'vitest'
import { checkLive } from '../../src/stores/check.ts'
import { appOn, depsOn, servers } from '../support/any-store.ts'

/** Trap 15: one number, two meanings. */
const key = '        - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}\n'
const people = `    - name: people
      lethe: {erase: delete}
      fields:
${key}        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}
    - name: tickets
      lethe: {erase: delete}
      fields:
${key}        - {name: person, data_categories: [system.operations], fides_meta: {references: [{dataset: made, field: people.id, direction: from}]}, lethe: {link: owned}}
`
const refers = (...to: string[]) =>
  `        - {name: thing, data_categories: [system.operations], fides_meta: {references: [${to.map((field) => `{dataset: made, field: ${field}, direction: from}`).join(', ')}]}, lethe: {link: owned}}\n`
const links = (name: string, rows: string, ...to: string[]) =>
  `    - name: ${name}\n      lethe: {table: links, erase: delete${rows}}\n      fields:\n${key}${refers(...to)}        - {name: thing_type, data_categories: [system.operations]}\n`

describe.each(['sqlite', 'postgres', 'mysql'] as const)('a link without a discriminator on %s', (kind) => {
  test.skipIf(servers[kind].missing)('is warned of with the numbers that mean two things', async () => {
    const app = await appOn(kind)
    await app.exec(`CREATE TABLE people (id int PRIMARY KEY, email varchar(40)); CREATE TABLE tickets (id int PRIMARY KEY, person int);
      CREATE TABLE links (id int PRIMARY KEY, thing int, thing_type varchar(9));
      INSERT INTO people VALUES (1, 'ann@x.example'), (2, 'bob@x.example'), (3, 'cas@x.example'), (9, 'dan@x.example');
      INSERT INTO tickets VALUES (1, 2), (2, 1), (7, 1);
      INSERT INTO links VALUES (1, 1, 'person'), (2, 2, 'ticket'), (3, 3, 'person'), (4, 7, 'ticket');`)
    const warned = async (collections: string) => {
      const deps = await depsOn(kind, app, people + collections)
      const catalogues = new Map(
        await Promise.all(
          [...deps.stores].map(async ([name, store]) => [name, await store.describe()] as const),
        ),
      )
      return (await checkLive(deps.stores, deps, catalogues))
        .filter(({ message }) => message.startsWith('"thing"'))
        .map(({ level, message, hint }) => `${level} ${message} ${hint}`)
    }
    expect(await warned(links('links', '', 'people.id', 'tickets.id'))).toEqual([
      'warning "thing" of "links" refers to people.id and tickets.id, and 1, 2 stand in both: a row of one is taken for one of the other ' +
        'Map the table once for each meaning, with the column that tells them apart: lethe: {rows: {…}}.',
    ])
    expect(
      await warned(
        links('a', ', rows: {thing_type: person}', 'people.id') +
          links('b', ', rows: {thing_type: ticket}', 'tickets.id'),
      ),
    ).toEqual([])
  })
})
