import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { buildGraph } from '../../src/datamap/graph.ts'
import { loadDataMap } from '../../src/datamap/load.ts'
import type { EngineDeps } from '../../src/engine/deps.ts'
import { checkStores } from '../../src/engine/plan/check.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { openStore } from '../../src/stores/open.ts'
import { askFor, freshFolder, freshName } from '../support/ask.ts'
import { fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { policies } from '../support/desk.ts'
import { dumpLive, mariadbSql, rowsHolding, type Sql } from '../support/live-dump.ts'
import { freshMariadb } from '../support/mariadb.ts'
import { asGiven, type Orders, orders } from '../support/orders.ts'
import { ann, makeDesk, others } from '../support/osticket-cast.ts'
import { osTicketSchema } from '../support/osticket-schema.ts'
import { afterErasure, osTicketTruth, type Truth } from '../support/osticket-truth.ts'
import type { OsTicket } from '../support/osticket.ts'
import { differences } from '../support/store-dump.ts'

const server = await askFor('mariadb')
const { missing } = server
const hersOnly = [{ kind: 'email', value: ann.address }]

describe.skipIf(missing)(`osTicket on MariaDB${missing ? ` (${missing})` : ''}`, () => {
  const clock = fixedClock('2026-11-22T12:00:00Z')
  let os: OsTicket
  let sql: Sql
  let at: TestDatabase
  let deps: EngineDeps
  let office: Orders
  let truth: Truth

  beforeEach(async () => {
    os = makeDesk()
    const fresh = await freshMariadb(server.url as string, freshName())
    sql = await mariadbSql(fresh.url)
    await sql.exec(osTicketSchema)
    await os.rows.store(sql)
    const map = loadDataMap(policies, [{ name: 'desk', map: 'datamap/osticket.yaml' }])
    const store = openStore('desk', { kind: 'mysql', url: fresh.url, files: undefined })
    deps = {
      map,
      graph: buildGraph(map),
      stores: new Map([['desk', store]]),
      policyOf: () => ({ country: 'NL' }),
      spool: join(freshFolder(), 'spool'),
    }
    at = await testDatabase(clock)
    office = orders(at, clock, deps)
    truth = await osTicketTruth(sql, os, ann.address)
    return async () => {
      await store.close()
      await sql.close()
      await at.close()
      await fresh.close()
    }
  })
  const dump = () => dumpLive(sql, 'mysql')

  it('has what makes it hard: her number is also a ticket’s, an entry’s, an organisation’s and a colleague’s', async () => {
    expect(truth.owned.size + truth.shared.size).toBeGreaterThan(80)
    expect(truth.named.size).toBeGreaterThan(6)
    const places = [...truth.owned, ...truth.shared]
    for (const place of ['ost_staff/12', 'ost_task/12', 'ost_user_email/12', 'ost_note/53', 'ost_config/62'])
      expect(places).not.toContain(place)
    expect(truth.shared).toContain('ost_ticket/12')
    expect(truth.shared).toContain('ost_file/92')
    expect(truth.shared).toContain('ost_file/95')
    expect(truth.owned).toContain('ost_file_chunk/91/1')
  })

  it('is fully known to the shipped map: nothing stops a run', async () => {
    expect((await checkStores(deps)).blocked).toEqual([])
  })

  it('access holds all and only her rows, each value as it stands, and nobody else’s address or number in what is shared', async () => {
    const before = await dump()
    const done = await office.run(await office.planned('access', hersOnly))
    expect(done).toMatchObject({ status: 'done' })
    expect(await dump()).toEqual(before)
    const got = await office.got(done)
    expect(got.map(({ line }) => line).sort()).toEqual(
      [
        ...[...truth.owned].map((place) => `desk.${place} owned`),
        ...[...truth.shared].map((place) => `desk.${place} shared`),
        ...[...truth.named].map((place) => `desk.${place} mentioned`),
      ].sort(),
    )
    const secrets = ['passwd', 'key', 'session_id', 'session_data']
    for (const { line, row } of got.filter(({ row }) => row.link === 'owned')) {
      const [table, key] = (/^desk\.(\w+)\/(\S+) /.exec(line) ?? []).slice(1) as [string, string]
      const stored = JSON.parse(before[table]?.get(key) as string) as Record<string, string | null>
      for (const [column, text] of Object.entries(row.values)) {
        const value = column === 'filedata' ? Buffer.from(text as string, 'base64').toString('latin1') : text
        // What an agent wrote in a thread of hers is copied without third parties.
        const want = asGiven(row, column, stored[column])
        expect({ line, column, value }).toEqual({ line, column, value: want })
      }
      const left = Object.keys(stored).filter((column) => !(column in row.values))
      expect(left.filter((column) => !secrets.includes(column))).toEqual([])
    }
    const shared = JSON.stringify(got.filter(({ row }) => row.link !== 'owned').map(({ row }) => row.values))
    expect(others.filter((other) => shared.includes(other))).toEqual([])
  })

  it('erasure leaves the whole database exactly as one would by hand', async () => {
    const before = await dump()
    const done = await office.run(await office.planned('erasure', hersOnly))
    expect(done.findings.filter((f) => ['residue', 'drift', 'hold', 'map'].includes(f.kind))).toEqual([])
    const banned = { store: 'desk', table: 'ost_filter_rule', column: 'val', rows: 1, ground: 'suppression' }
    expect(done).toMatchObject({ status: 'tasks', residue: [banned] })
    expect(await office.attend(done)).toMatchObject({ status: 'done' })
    expect(done.steps.every((step) => step.status === 'done' && step.skipped === 0)).toBe(true)
    const after = await dump()
    expect(differences(afterErasure(before, os, truth), after)).toEqual([])
    const changed = differences(before, after).map(({ table, key }) => `${table}/${key}`)
    expect(changed.filter((place) => truth.owned.has(place)).length).toBeGreaterThan(40)
    expect(changed.filter((place) => truth.named.has(place))).toHaveLength(truth.named.size)
    expect(await at.db.read(verifyLedger)).toMatchObject({ faults: [] })
  })

  it('what is JSON is JSON afterwards, with its numbers as they were', async () => {
    await office.run(await office.planned('erasure', hersOnly))
    const texts = await sql.rows(`SELECT recipients AS text FROM ost_thread_entry WHERE recipients LIKE '{%'
      UNION ALL SELECT data FROM ost_thread_event WHERE data LIKE '{%' UNION ALL SELECT config FROM ost_queue`)
    expect(texts).toHaveLength(5)
    for (const { text } of texts) JSON.parse(text as string)
    expect(
      texts.map(({ text }) => /1\.50|1\.0,2|4\.0/.exec(text as string)?.[0]).filter(Boolean),
    ).toHaveLength(3)
  })

  it('no identifier of hers is anywhere afterwards, but in the rule that keeps her out', async () => {
    const needles = [ann.address, ann.work, '612345678', '06-12345678', '6 12 34 56 78']
    const longer = [
      '0612345678X7',
      'joann.lee@post.example',
      'xann.lee@post.example.org',
      '06123456789',
      '+4531612345678',
    ]
    const holding = async () => rowsHolding(await dump(), needles, longer)
    expect((await holding()).length).toBeGreaterThan(20)
    await office.run(await office.planned('erasure', hersOnly))
    expect(await holding()).toEqual(['ost_filter_rule/241'])
  })

  it('found by her number in any spelling, or by her other address, it is the same plan', async () => {
    const shape = (plan: Awaited<ReturnType<typeof office.planned>>) =>
      plan.steps.map((s) => `${s.collection} ${s.action} ${s.found}`)
    const byMail = shape(await office.planned('erasure', hersOnly))
    expect(
      shape(await office.planned('erasure', [{ kind: 'email', value: ann.work.toUpperCase() }])),
    ).toEqual(byMail)
    expect(shape(await office.planned('erasure', [{ kind: 'phone', value: '0031 (0)6-12345678' }]))).toEqual(
      byMail,
    )
  })

  it('a rule with her address in any other filter stops the order for a person', async () => {
    const born = "'2026-03-02', '2026-03-02'"
    await sql.exec(
      `INSERT INTO ost_filter (id, name, created, updated) VALUES (2, 'Important people', ${born});
       INSERT INTO ost_filter_rule (filter_id, what, how, val, notes, created, updated)
         VALUES (2, 'email', 'equal', '${ann.address}', '', ${born})`,
    )
    const done = await office.run(await office.planned('erasure', hersOnly))
    expect(done.status).toBe('stopped')
    expect(done.residue).toMatchObject([
      { table: 'ost_filter_rule', column: 'val', rows: 1, ground: 'suppression' },
      { table: 'ost_filter_rule', column: 'val', rows: 1, ground: null },
    ])
  })

  it('her address across the cut of a file of somebody else’s stops the order for a person', async () => {
    const piece = 500 * 1024
    const text = `${'z'.repeat(piece - 7)} ${ann.address}`
    await sql.rows(
      "INSERT INTO ost_file (id, name, `key`, signature, created) VALUES (99, 'list of Bob.txt', 'k', 's', '2026-03-02')",
    )
    for (const [n, part] of [text.slice(0, piece), text.slice(piece)].entries())
      await sql.rows('INSERT INTO ost_file_chunk VALUES (99, ?, ?)', [n, part])
    const done = await office.run(await office.planned('erasure', hersOnly))
    expect(done.status).toBe('stopped')
    expect(done.residue?.filter((r) => r.ground === null)).toMatchObject([
      { table: 'ost_file_chunk', column: 'filedata', rows: 1, path: 'pieces' },
    ])
  })
})
