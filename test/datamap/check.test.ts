import { expect, test } from 'vitest'
import { type ForeignKeyLike, looksPersonal, type TableLike } from '../../src/datamap/catalogue.ts'
import { checkMap } from '../../src/datamap/check.ts'
import { coverage } from '../../src/datamap/coverage.ts'
import { buildGraph } from '../../src/datamap/graph.ts'
import { withLiveKeys } from '../../src/datamap/keys.ts'
import { column, dataset, load, table } from './support.ts'

const quiet = '    lethe: {purpose: p, basis: consent}\n'
const pk = '{name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}'
const id = column('id', 'integer', { nullable: false })
const fk = (name: string, to: string, onDelete: ForeignKeyLike['onDelete']): ForeignKeyLike => ({
  columns: [name],
  table: to,
  references: ['id'],
  onDelete,
})

/** Findings as `level line message`, and the hints apart. */
function check(collections: string, tables: readonly TableLike[]) {
  const map = load({ 'shop.yaml': dataset(collections, quiet) })
  return checkMap(map, buildGraph(map), new Map([['shop', { tables }]])).map(
    (f) => `${f.level} ${/:(\d+:\d+)$/.exec(f.where)?.[1] ?? f.where} ${f.message}`,
  )
}
const email =
  '{name: email, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}'
const people = (fields = '', lethe = '') =>
  `- name: people\n${lethe && `  lethe: {${lethe}}\n`}  fields:\n    - ${pk}\n    - ${email}\n${fields && `    - ${fields}\n`}`

test('a map that fits its live schema gives no finding', () => {
  expect(check(people(), [table('people', [id, column('email')])])).toEqual([])
})

test('a missing table or column is an error with the nearest name', () => {
  expect(check(people(), [table('peoples', [id])])).toEqual([
    'error 5:9 the store shop has no table "people"; did you mean "peoples"?',
    'note store shop the table shop.peoples is not declared',
  ])
  expect(
    check(people('{name: adress}'), [table('people', [id, column('email'), column('address')])]),
  ).toEqual([
    'error 9:13 the table shop.people has no column "adress"; did you mean "address"?',
    'warning 5:9 the column shop.people.address is not declared, and address looks personal',
  ])
})

test('columns of the row filter, the file, the period and the key must exist too', () => {
  const found = check(
    people(
      '',
      'key: [number], rows: {kind: x}, file: photo, keep: {ground: legal_claims, because: b, from: ended}',
    ),
    [table('people', [id, column('email')])],
  )
  expect(found).toEqual(
    ['number', 'kind', 'photo', 'ended'].map(
      (name) => `error 5:9 the table shop.people has no column "${name}"`,
    ),
  )
})

test('a key that is missing or does not tell rows apart is an error', () => {
  const keyless = people().replace(', fides_meta: {primary_key: true}', '')
  const columns = [id, column('email')]
  expect(check(people('', 'erase: delete, key: [email]'), [table('people', columns)])).toEqual([
    'error 5:9 the key (email) does not tell rows of shop.people apart',
  ])
  expect(
    check(people('', 'erase: delete, key: [email]'), [table('people', columns, { uniqueKeys: [['email']] })]),
  ).toEqual([])
  expect(check(keyless, [table('people', columns)])).toEqual([
    'error 5:9 "people" names no key: its rows cannot be told apart',
  ])
  expect(check(keyless, [table('people', columns, { primaryKey: [] })])).toEqual([
    'error 5:9 "people" names no key, and shop.people has none: its rows cannot be told apart',
  ])
})

test('a key that the file leaves out is taken from the live table: the primary one, else a unique one without NULL, else the whole row', () => {
  const map = load({ 'shop.yaml': dataset(`- name: people\n  fields: [${email}]\n`, quiet) })
  const keyOf = (more: Partial<TableLike>) => {
    const live = new Map([['shop', { tables: [table('people', [id, column('email')], more)] }]])
    const people = withLiveKeys(map, live).collections.get('shop.people')
    return [people?.key, people?.fields.filter((f) => f.primaryKey).map((f) => f.name)]
  }
  expect(keyOf({ primaryKey: ['id', 'email'] })).toEqual([['id', 'email'], ['email']])
  expect(keyOf({ primaryKey: [], uniqueKeys: [['email'], ['id']] })).toEqual([['id'], []])
  expect(keyOf({ primaryKey: [], uniqueKeys: [['email']] })).toEqual([['id', 'email'], []])
  expect(withLiveKeys(map, new Map()).collections).toEqual(map.collections)
})

test('a key that names a person outlives the anonymising, so the row must be deleted', () => {
  const keyed = (lethe: string) =>
    check(`- name: people\n  lethe: {key: [email]${lethe}}\n  fields:\n    - ${email}\n`, [
      table('people', [column('email')], { primaryKey: ['email'] }),
    ])
  expect(keyed('')).toEqual([
    'error 8:13 "email" is part of the key of "people" and about a person: anonymising leaves it as it is',
  ])
  expect(keyed(', erase: delete')).toEqual([])
})

test('nothing can be erased in a view', () => {
  expect(check(people(), [table('people', [id, column('email')], { kind: 'view' })])).toEqual([
    'error 5:9 shop.people is a view, in which nothing can be erased',
  ])
})

const masked = (
  erase: string,
  more: Parameters<typeof column>[2] & { type?: string },
  keys: Partial<TableLike> = {},
) =>
  check(people(`{name: x, data_categories: [user.content], lethe: {erase: ${erase}}}`), [
    table('people', [id, column('email'), column('x', more.type ?? 'text', more)], keys),
  ])

test('a mask that the column would refuse is an error before the first write', () => {
  expect(masked('null', { nullable: false })).toEqual([
    'error 9:13 the mask null does not go into people.x, which is NOT NULL',
  ])
  expect(masked('"abcd"', { maxLength: 3 })).toEqual([
    'error 9:13 the mask "abcd" is longer than people.x, which holds 3 characters',
  ])
  expect(masked('"abc"', { maxLength: 3 })).toEqual([])
  expect(masked('"ab-{id}"', { maxLength: 3 })).toEqual([
    'error 9:13 the mask "ab-{id}" is longer than people.x, which holds 3 characters',
  ])
  expect(masked('"ab-{id}"', { maxLength: 22 })).toEqual([
    'warning 9:13 the mask "ab-{id}" may become longer than people.x, which holds 22 characters',
  ])
  expect(masked('"ab-{id}"', { maxLength: 23 })).toEqual([])
  expect(masked('gone', { kind: 'integer', type: 'bigint' })).toEqual([
    'error 9:13 the mask "gone" does not go into people.x, which is bigint',
  ])
  expect(masked('"{id}"', { kind: 'integer', type: 'bigint' })).toEqual([])
  expect(masked('"2000-13-01"', { kind: 'date', type: 'date' })).toEqual([
    'error 9:13 the mask "2000-13-01" does not go into people.x, which is date',
  ])
  expect(masked('"{}"', { kind: 'json', type: 'jsonb' })).toEqual([])
  expect(masked('"{"', { kind: 'json', type: 'jsonb' })).toEqual([
    'error 9:13 the mask "{" does not go into people.x, which is jsonb',
  ])
  expect(masked('redact', { kind: 'integer', type: 'integer' })).toEqual([
    'error 9:13 the mask redact needs text, and people.x is integer',
  ])
  expect(masked('null', { generated: true })).toEqual([
    'error 9:13 the column people.x is generated by the store and cannot be written',
  ])
})

test('one value for every row is refused in a unique column, said or following from the category', () => {
  const unique = { uniqueKeys: [['x']] }
  const message = (value: string) =>
    `error 9:13 every masked row would hold "${value}" in people.x, which is unique`
  expect(masked('gone', {}, unique)).toEqual([message('gone')])
  expect(masked('"gone-{id}"', {}, unique)).toEqual([])
  expect(masked('null', {}, unique)).toEqual([])
  const unsaid = people('{name: x, data_categories: [user.content]}')
  const at = (nullable: boolean) =>
    check(unsaid, [table('people', [id, column('email'), column('x', 'text', { nullable })], unique)])
  expect(at(false)).toEqual([message('[erased]')])
  expect(at(true)).toEqual([])
})

test('a mask in a foreign key must be null', () => {
  const keys = { foreignKeys: [fk('x', 'people', 'no action')] }
  expect(masked("'0'", { kind: 'integer', type: 'integer' }, keys)).toEqual([
    'error 9:13 the mask "0" goes into people.x, which must point at a row of people',
  ])
  expect(masked('null', { kind: 'integer', type: 'integer' }, keys)).toEqual([])
})

const child = (lethe: string, link = '') =>
  `- name: notes\n  lethe: {${lethe}}\n  fields:\n    - ${pk}\n    - {name: person, data_categories: [system.operations], fides_meta: {references: [{dataset: shop, field: people.id, direction: from}]}, lethe: {link: ${link || 'owned'}}}\n`
const deletes = people('', 'erase: delete')
const tables = (onDelete: ForeignKeyLike['onDelete']) => [
  table('people', [id, column('email')]),
  table('notes', [id, column('person', 'integer')], { foreignKeys: [fk('person', 'people', onDelete)] }),
]
const errors = (found: string[]) => found.filter((f) => f.startsWith('error'))

test('a cascade into a table the map does not know stops everything', () => {
  expect(errors(check(deletes, tables('cascade')))).toEqual([
    'error 5:9 deleting from people makes the store delete rows of notes (person) too, a table the map does not know',
  ])
  expect(errors(check(people('', 'erase: anonymise'), tables('cascade')))).toEqual([])
  expect(errors(check(deletes + child('erase: delete'), tables('cascade')))).toEqual([])
})

test('a cascade along a key the map does not follow, into kept rows or into other people’s, is an error', () => {
  const deaf = child('erase: delete').replace(/, fides_meta: \{references.*$/m, '}')
  expect(errors(check(deletes + deaf, tables('cascade')))).toEqual([
    'error 5:9 deleting from people makes the store delete rows of notes (person) too, a key the map does not follow',
  ])
  expect(
    errors(check(deletes + child('keep: {ground: legal_claims, because: b}'), tables('cascade'))),
  ).toEqual([
    'error 5:9 deleting from people makes the store delete rows of notes (person), which the map wants kept',
  ])
  expect(errors(check(deletes + child('erase: delete', 'shared'), tables('cascade')))).toEqual([
    "error 5:9 deleting from people makes the store delete rows of notes (person), which are other people's too",
  ])
})

test('a table without a key is read by one collection, or by several that tell its rows apart', () => {
  const part = (name: string, rows: string) =>
    `- name: ${name}\n  lethe: {table: calls${rows}}\n  fields:\n    - ${email}\n`
  const read = (collections: string) => {
    const catalogues = new Map([
      ['shop', { tables: [table('calls', [column('email'), column('kind')], { primaryKey: [] })] }],
    ])
    const map = withLiveKeys(load({ 'shop.yaml': dataset(collections, quiet) }), catalogues)
    return checkMap(map, buildGraph(map), catalogues)
      .filter((f) => f.level === 'error')
      .map((f) => f.message)
  }
  expect(read(part('made', '') + part('taken', ''))).toEqual([
    '"made" and "taken" may read the same rows of shop.calls, which has no key: what one changes, the other does not find again',
  ])
  expect(read(part('made', ', rows: {kind: out}') + part('taken', ', rows: {kind: [in, held]}'))).toEqual([])
})

test('a cascade is followed only by a search that goes down it, and as owned', () => {
  const up = child('erase: delete').replace('direction: from', 'direction: to')
  expect(errors(check(deletes + up, tables('cascade')))).toEqual([
    'error 5:9 deleting from people makes the store delete rows of notes (person) too, a key the map does not follow',
  ])
  const unsaid = child('erase: delete').replace(', direction: from', '').replace(', lethe: {link: owned}', '')
  expect(errors(check(deletes + unsaid, tables('cascade')))).toEqual([
    "error 5:9 deleting from people makes the store delete rows of notes (person), which are other people's too",
  ])
})

test('a cascade goes up to a row that is counted: it goes only when every row that points at it is hers', () => {
  const up = child('erase: delete').replace('direction: from', 'direction: to')
  const counted = people('', 'erase: delete, counted: true')
  expect(errors(check(counted + up, tables('cascade')))).toEqual([])
  const deaf = child('erase: delete').replace(/, fides_meta: \{references.*$/m, '}')
  expect(errors(check(counted + deaf, tables('cascade')))).toEqual([
    'error 5:9 deleting from people makes the store delete rows of notes (person) too, a key the map does not follow',
  ])
  const kept = up.replace('erase: delete', 'keep: {ground: legal_claims, because: b}')
  expect(errors(check(counted + kept, tables('cascade')))).toEqual([
    'error 5:9 deleting from people makes the store delete rows of notes (person), which the map wants kept',
  ])
})

test('a cascade takes all rows of a table, whichever collection reads them', () => {
  const part = (name: string, kind: string, more = '') =>
    child(`erase: delete, table: notes, rows: {kind: ${kind}}${more}`).replace(
      '- name: notes',
      `- name: ${name}`,
    )
  const kinds = tables('cascade').map((t) => ({ ...t, columns: [...t.columns, column('kind')] }))
  const deaf = part('memos', 'memo').replace(/, fides_meta: \{references.*$/m, '}')
  expect(errors(check(deletes + part('letters', 'letter') + part('memos', 'memo'), kinds))).toEqual([])
  expect(errors(check(deletes + part('letters', 'letter') + deaf, kinds))).toEqual([
    'error 5:9 deleting from people makes the store delete rows of notes (person), and does not ask which: shop.memos reads some of them, by a key the map does not follow',
  ])
})

test('what goes along takes further rows along', () => {
  const files = table('files', [id, column('note', 'integer')], {
    foreignKeys: [fk('note', 'notes', 'cascade')],
  })
  expect(errors(check(deletes + child('erase: anonymise'), [...tables('cascade'), files]))).toEqual([
    'error 10:9 deleting from notes makes the store delete rows of files (note) too, a table the map does not know',
  ])
})

test('a child that the store protects must be deleted too or let go of its parent', () => {
  expect(errors(check(deletes, tables('restrict')))).toEqual([
    'error 5:9 the store refuses to delete from people while rows of notes (person) point there, a table the map does not know',
  ])
  expect(errors(check(deletes + child('erase: anonymise'), tables('no action')))).toEqual([
    'error 5:9 the store refuses to delete from people while rows of notes (person) stay and point there',
  ])
  expect(errors(check(deletes + child('erase: delete'), tables('no action')))).toEqual([])
  const detached = child('erase: anonymise').replace('link: owned', 'link: owned, erase: null')
  expect(errors(check(deletes + detached, tables('restrict')))).toEqual([])
})

test('a search without an index, a trigger and an engine without transactions are told with their price', () => {
  const costly = table('people', [id, column('email')], {
    indexed: ['id'],
    triggers: ['copy_people'],
    transactional: false,
    estimatedRows: 12_345,
  })
  expect(check(people(), [costly])).toEqual([
    'warning 8:13 shop.people is searched by "email", which no index begins with: a search may read all of about 12345 rows',
    'warning 5:9 shop.people has triggers (copy_people), which may copy rows or change columns that no step names',
    'warning 5:9 the engine of shop.people cannot roll back: a failure leaves what was written',
  ])
})

test('a personal collection that no search leads to is told', () => {
  const alone = people().replace(', fides_meta: {identity: email}, lethe: {link: owned}', '')
  expect(check(alone, [table('people', [id, column('email')])])).toEqual([
    'warning 5:9 no identity and no reference leads to "shop.people": nobody\'s rows are ever found there',
  ])
})

test('an identity inside a column is looked for there: no error', () => {
  const nested = '{name: extra, fields: [{name: mail, fides_meta: {identity: email}, lethe: {link: owned}}]}'
  expect(errors(check(people(nested), [table('people', [id, column('email'), column('extra')])]))).toEqual([])
})

test('a circle that the store enforces and no NULL opens cannot be deleted from', () => {
  const point = (name: string, to: string) =>
    `- name: ${name}\n  lethe: {erase: delete}\n  fields:\n    - ${pk}\n    - {name: ${to}, data_categories: [system.operations], fides_meta: {references: [{dataset: shop, field: ${to}.id, direction: from}]}, lethe: {link: owned}}\n`
  const live = (nullable: boolean) =>
    (['a', 'b'] as const).map((name) => {
      const to = name === 'a' ? 'b' : 'a'
      return table(name, [id, column(to, 'integer', { nullable })], {
        foreignKeys: [fk(to, to, 'no action')],
      })
    })
  expect(errors(check(point('a', 'b') + point('b', 'a'), live(false)))).toEqual([
    'error 10:9 shop.b and shop.a point at each other, and b.a cannot be emptied',
  ])
  expect(errors(check(point('a', 'b') + point('b', 'a'), live(true)))).toEqual([])
})

test('coverage counts what several collections declare of one table together', () => {
  const map = load({
    'shop.yaml': dataset(
      `- name: made\n  lethe: {table: calls}\n  fields: [${pk}, {name: src}]\n- name: received\n  lethe: {table: calls, rows: {kind: in}}\n  fields: [${pk}, {name: dst}]\n`,
      quiet,
    ),
  })
  const columns = ['id', 'src', 'dst', 'kind', 'ip'].map((name) => column(name))
  const live = new Map([['shop', { tables: [table('calls', columns), table('logs', columns)] }]])
  expect(coverage(map, live)).toEqual([
    {
      store: 'shop',
      tables: [{ table: 'calls', declared: ['id', 'src', 'dst', 'kind'], unknown: ['ip'] }],
      unknownTables: ['logs'],
      declaredColumns: 4,
      unknownColumns: 6,
    },
  ])
})

test('a column name that looks personal is told from one that does not', () => {
  const personal =
    'email EmailAddress alt_email home_phone workPhone RealName user_name remote_ip birth_date'.split(' ')
  const others = 'name table_name filename description zipper ship mailbox id'.split(' ')
  expect([...personal, ...others].filter(looksPersonal)).toEqual(personal)
})

/** People with a table that has these rules. */
const ruled = (more: Partial<TableLike>, others: readonly TableLike[] = [], lethe = '', map = '') =>
  check(people('', lethe) + map, [table('people', [id, column('email')], more), ...others]).filter(
    (f) => !f.startsWith('note store'),
  )
const trigger = {
  name: 'copy',
  timing: 'after',
  events: ['delete'],
  writes: ['archive'],
  sets: [],
  isOpaque: false,
} as const

test('a trigger that an erasure fires and that writes where the map does not look stops it', () => {
  const fires = { triggers: ['copy'], fires: [trigger] }
  const said =
    'the trigger copy of shop.people (after delete) writes to archive, a table the map does not name: '
  expect(ruled(fires, [], 'erase: delete')).toEqual([
    `error 5:9 ${said}erasing may copy there what is erased`,
  ])
  expect(ruled(fires)).toEqual([`warning 5:9 ${said}rows may have been copied there`])
  const archive = '- name: archive\n  fields: [{name: id, data_categories: [system.operations]}]\n'
  expect(ruled(fires, [table('archive', [id])], 'erase: delete', archive)).toEqual([])
})

test('a trigger that cannot be read is told, and so are the columns that one changes by itself', () => {
  const opaque = { ...trigger, writes: [], isOpaque: true }
  const stamp = {
    ...trigger,
    name: 'stamp',
    timing: 'before',
    events: ['update'],
    writes: [],
    sets: ['at'],
  } as const
  expect(ruled({ triggers: ['copy', 'stamp'], fires: [opaque, stamp] })).toEqual([
    'warning 5:9 the trigger copy of shop.people (after delete) calls what could not be read: what it writes is not known',
    'note 5:9 the trigger stamp changes shop.people (at) whenever a row is changed, which an erasure does too',
  ])
})

test('rows hidden from our account stop everything: nothing found would mean nothing', () => {
  expect(ruled({ rowSecurity: { policies: ['own'], applies: true } })).toEqual([
    'error 5:9 row-level security hides rows of shop.people from this account (own): a search would find too little and call it nothing',
  ])
  expect(ruled({ rowSecurity: { policies: ['own'], applies: false } })).toEqual([])
})

test('a materialised view over people keeps copies, through another view too; a plain view keeps none', () => {
  const view = (name: string, reads: string[], materialised: boolean) =>
    table(name, [column('email')], { kind: 'view', reads, materialised })
  const views = [view('seen', ['people'], false), view('kept', ['seen'], true)]
  const said =
    'error 5:9 the materialised view kept keeps a copy of rows of shop.people (email) until it is refreshed, and the map does not name it'
  expect(ruled({}, views)).toContain(said)
  expect(ruled({}, views).filter((f) => f.includes('seen'))).toEqual([])
  const derived =
    '- name: kept\n  lethe: {derived: true}\n  fields: [{name: email, data_categories: [user.contact.email]}]\n'
  expect(errors(ruled({}, views, '', derived))).toEqual([])
})

test('heirs, engines, collations and the server are told with what they mean', () => {
  const collation = {
    name: 'utf8mb4_general_ci',
    ignoresCase: true,
    ignoresAccents: true,
    ignoresTrailingBlanks: true,
  }
  const map = load({ 'shop.yaml': dataset(people(), quiet) })
  const columns = [id, column('email', 'text', { collation, kind: 'text' })]
  const live = {
    tables: [table('people', columns, { inheritedBy: ['staff'], transactional: false, engine: 'MyISAM' })],
    server: { isStrict: false, readOnly: null, zone: 'Europe/Amsterdam', canSeeTriggers: false },
  }
  const found = checkMap(map, buildGraph(map), new Map([['shop', live]])).map(
    (f) => `${f.level} ${f.message}`,
  )
  expect(found).toEqual([
    'warning the engine of shop.people cannot roll back (MyISAM): a failure leaves what was written',
    'warning staff inherits from shop.people: those rows are read and erased with it, and its key holds for each table by itself only',
    'note shop.people.email is compared by utf8mb4_general_ci, which takes letters with and without accents for the same: the store answers candidates, and each is confirmed letter by letter',
    "note the server of shop is not in strict mode: other sessions cut values that are too long and turn NULL into ''",
    'warning the account of shop may not read triggers: what they copy or change is not known',
  ])
})

test('times without a zone are named with the clock they hang on, unless the map says theirs', () => {
  const server = { isStrict: true, readOnly: null, zone: 'Europe/Amsterdam', canSeeTriggers: true }
  const columns = [id, column('email'), column('born', 'datetime', { kind: 'instant', zoned: false })]
  const found = (lethe: string) => {
    const map = load({
      'shop.yaml': dataset(people(`{name: born, data_categories: [user.demographic]${lethe}}`), quiet),
    })
    return checkMap(map, buildGraph(map), new Map([['shop', { tables: [table('people', columns)], server }]]))
  }
  expect(found('').map((f) => f.message)).toEqual([
    "times without a zone in shop: people.born; the server's own clock reads Europe/Amsterdam",
  ])
  expect(found(', lethe: {timezone: Europe/Amsterdam}')).toEqual([])
})

test('a mask must be one of the values of an enum, keep the row in its partition, and mind unique indexes over rules', () => {
  expect(masked('gone', { values: ['a', 'b'], type: "enum('a','b')" })).toEqual([
    'error 9:13 the mask "gone" is none of the values of people.x',
  ])
  expect(masked('b', { values: ['a', 'b'], type: "enum('a','b')" })).toEqual([])
  expect(masked('"a,b"', { values: ['a', 'b'], type: "set('a','b')" })).toEqual([])
  expect(masked('null', {}, { partitionedBy: ['x'] })).toEqual([
    'error 9:13 people.x says in which partition a row lies: emptied, the row has none',
  ])
  expect(masked('gone', {}, { ruleKeys: [{ name: 'one', columns: ['x'], sql: 'lower(x)' }] })).toEqual([
    'warning 9:13 every masked row would hold "gone" in people.x, over which there is the unique index one',
  ])
})

test('a column that others point at is masked only where the store lets it', () => {
  const points = (onUpdate: ForeignKeyLike['onDelete']) =>
    check(people('{name: x, data_categories: [user.content], lethe: {erase: "x-{id}"}}'), [
      table('people', [id, column('email'), column('x')]),
      table('notes', [id, column('of')], {
        foreignKeys: [
          { columns: ['of'], table: 'people', references: ['x'], onDelete: 'no action', onUpdate },
        ],
      }),
    ]).filter((f) => !f.startsWith('note'))
  expect(points('restrict')).toEqual([
    'error 9:13 notes (of) points at people.x: masking it is refused while a row points there',
  ])
  expect(points('cascade')).toEqual([
    'warning 9:13 notes (of) points at people.x: masking it makes the store change those rows too (ON UPDATE cascade)',
  ])
})

test('a key that the store would empty and that cannot be empty refuses the delete', () => {
  const [parent, notes] = tables('set null') as [TableLike, TableLike]
  const tight = { ...notes, columns: [id, column('person', 'integer', { nullable: false })] }
  expect(errors(check(deletes + child('erase: anonymise'), [parent, tight]))).toEqual([
    'error 5:9 deleting from people makes the store empty notes (person), and person cannot be empty: it refuses',
  ])
  expect(errors(check(deletes + child('erase: delete'), [parent, tight]))).toEqual([])
})
