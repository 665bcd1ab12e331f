import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StoreKind } from '../../../src/stores/port.ts'
import { type App, appOn, depsOn, servers } from '../../support/any-store.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { orders } from '../../support/orders.ts'

const clock = fixedClock()
let at: TestDatabase
beforeEach(async () => {
  at = await testDatabase(clock)
})
afterEach(() => at.close())

const calls = (erase: string) => `    - name: calls
      lethe: {erase: ${erase}}
      fields:
        - {name: src, data_categories: [user.contact.email], fides_meta: {identity: email}, lethe: {link: owned}}
        - {name: secs, data_categories: [system.operations]}
        - {name: cost, data_categories: [system.operations]}
        - {name: note, data_categories: [user.content], lethe: {text: free}}
`
const float: Record<StoreKind, string> = { sqlite: 'real', postgres: 'real', mysql: 'float' }
const blob: Record<StoreKind, string> = { sqlite: 'blob', postgres: 'bytea', mysql: 'varbinary(9)' }
const bytes: Record<StoreKind, string> = { sqlite: "x'00ff'", postgres: "'\\x00ff'", mysql: "x'00ff'" }

/** Three rows of hers, two of them the same; a neighbour’s that differ in a letter’s case, an accent, a blank, a NULL. */
async function table(kind: StoreKind): Promise<App> {
  const app = await appOn(kind)
  await app.exec(
    `CREATE TABLE calls (src varchar(40), secs int, cost ${float[kind]}, raw ${blob[kind]}, note varchar(40), tail char(3))`,
  )
  const row = (src: string, secs: string, note: string) =>
    `(${src}, ${secs}, 16777216.5, ${bytes[kind]}, ${note}, 'x')`
  await app.exec(
    `INSERT INTO calls VALUES ${[
      row("'ann@x.example'", '10', "'same'"),
      row("'ann@x.example'", '10', "'same'"),
      row("'Ann@X.example'", 'NULL', 'NULL'),
      row("'bob@x.example'", '10', "'same'"),
      row("'bob@x.example'", '10', "'same'"),
      row("'bob@x.example'", 'NULL', "'Same '"),
      row("'ánn@x.example'", '10', "'same'"),
      row("'ánn@x.example'", 'NULL', 'NULL'),
    ].join(', ')}`,
  )
  return app
}

const others = async (app: App) =>
  (JSON.parse(await app.dump('calls')) as { src: string | null }[]).filter(({ src }) =>
    /^(bob|á)/.test(src ?? ''),
  )

describe.each(['sqlite', 'postgres', 'mysql'] as const)('rows without a key on %s', (kind) => {
  const { missing } = servers[kind]

  test.skipIf(missing)('are deleted with their twins, counted, and nobody else’s is', async () => {
    const app = await table(kind)
    const before = await others(app)
    const desk = orders(at, clock, await depsOn(kind, app, calls('delete')))
    const plan = await desk.planned('erasure', [{ kind: 'email', value: 'ann@x.example' }])
    expect(plan.findings.filter((f) => f.kind === 'map')).toEqual([])
    expect(plan.steps.map((s) => [s.action, s.found])).toEqual([['delete', 3]])
    const done = await desk.run(plan)
    expect([done.status, done.steps.map((s) => s.done)]).toEqual(['done', [3]])
    expect(await others(app)).toEqual(before)
    expect((JSON.parse(await app.dump('calls')) as unknown[]).length).toBe(before.length)
  })

  test.skipIf(missing)('are made anonymous with their twins, and nobody else’s is', async () => {
    const app = await table(kind)
    const before = await others(app)
    const desk = orders(at, clock, await depsOn(kind, app, calls('anonymise')))
    const done = await desk.run(await desk.planned('erasure', [{ kind: 'email', value: 'ann@x.example' }]))
    expect([done.status, done.steps.map((s) => [s.found, s.done])]).toEqual(['done', [[3, 3]]])
    expect(await others(app)).toEqual(before)
    expect((JSON.parse(await app.dump('calls WHERE src IS NULL AND note IS NULL')) as unknown[]).length).toBe(
      3,
    )
  })

  test.skipIf(missing)('void an approval when a twin is added since', async () => {
    const app = await table(kind)
    const desk = orders(at, clock, await depsOn(kind, app, calls('delete')))
    const plan = await desk.planned('erasure', [{ kind: 'email', value: 'ann@x.example' }])
    await app.exec(
      "INSERT INTO calls SELECT src, secs, cost, raw, note, tail FROM calls WHERE note = 'same' AND src = 'ann@x.example' LIMIT 1",
    )
    expect((await desk.run(plan)).status).toBe('planned')
  })
})

describe.each(['sqlite', 'postgres', 'mysql'] as const)('a key of bytes on %s', (kind) => {
  test.skipIf(servers[kind].missing)('names its row', async () => {
    const app = await appOn(kind)
    await app.exec(`CREATE TABLE calls (id ${blob[kind]} NOT NULL PRIMARY KEY, src varchar(40), secs int, cost int, note varchar(40));
      INSERT INTO calls VALUES (${bytes[kind]}, 'ann@x.example', 1, 1, 'a'), (${bytes[kind].replace('ff', 'fe')}, 'bob@x.example', 1, 1, 'b')`)
    const desk = orders(at, clock, await depsOn(kind, app, calls('delete')))
    const done = await desk.run(await desk.planned('erasure', [{ kind: 'email', value: 'ann@x.example' }]))
    expect([done.status, done.steps.map((s) => [s.found, s.done])]).toEqual(['done', [[1, 1]]])
    const left = JSON.parse(await app.dump('calls')) as { note: string }[]
    expect(left.map((row) => row.note)).toEqual(['b'])
  })
})
