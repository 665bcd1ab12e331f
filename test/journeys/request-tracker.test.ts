import { readFileSync } from 'node:fs'
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
import { unpacked } from '../support/debian.ts'
import { policies } from '../support/desk.ts'
import { dumpLive, postgresSql, rowsHolding, type Sql } from '../support/live-dump.ts'
import { type Orders, orders } from '../support/orders.ts'
import { freshPostgres } from '../support/postgres.ts'
import { ann, type Desk, makeDesk, others } from '../support/rt-cast.ts'
import { storeRt } from '../support/rt-store.ts'
import { afterErasure, rtFaults, rtTruth, type Truth } from '../support/rt-truth.ts'
import { differences } from '../support/store-dump.ts'

const server = await askFor('postgres')
const schema = await unpacked('request-tracker5')
const missing = server.missing ?? schema.missing
const hersOnly = [{ kind: 'email', value: ann.address }]

describe.skipIf(missing)(`Request Tracker 5 on PostgreSQL${missing ? ` (${missing})` : ''}`, () => {
  const clock = fixedClock('2026-11-22T12:00:00Z')
  let desk: Desk
  let sql: Sql
  let at: TestDatabase
  let deps: EngineDeps
  let office: Orders
  let truth: Truth

  beforeEach(async () => {
    desk = makeDesk()
    const fresh = await freshPostgres(server.url as string, freshName())
    sql = await postgresSql(fresh.url)
    await sql.exec(readFileSync(join(schema.folder as string, 'schema.Pg'), 'utf8'))
    await storeRt(sql, desk.rt)
    const map = loadDataMap(policies, [{ name: 'rt', map: 'datamap/request-tracker.yaml' }])
    const store = openStore('rt', { kind: 'postgres', url: fresh.url, files: undefined })
    deps = {
      map,
      graph: buildGraph(map),
      stores: new Map([['rt', store]]),
      policyOf: () => ({ country: 'NL' }),
      spool: join(freshFolder(), 'spool'),
    }
    at = await testDatabase(clock)
    office = orders(at, clock, deps)
    truth = await rtTruth(sql, desk.rt, ann.address)
    return async () => {
      await store.close()
      await sql.close()
      await at.close()
      await fresh.close()
    }
  })
  const dump = () => dumpLive(sql, 'postgres')

  it('has what makes it hard: her number is also a ticket’s, a transaction’s and a queue value’s of somebody else', async () => {
    const places = [...truth.owned, ...truth.shared]
    expect(places.length).toBeGreaterThan(90)
    const at20 = await sql.rows(
      `SELECT 'ticket' AS what FROM tickets WHERE id = $1 UNION SELECT 'transaction' FROM transactions WHERE id = $1
       UNION SELECT objecttype FROM attributes WHERE objectid = $1 ORDER BY 1`,
      [desk.ann],
    )
    expect(at20.map((row) => row['what'])).toEqual([
      'RT::Article',
      'RT::Asset',
      'RT::Queue',
      'RT::Ticket',
      'RT::Transaction',
      'RT::User',
      'ticket',
      'transaction',
    ])
    expect(places).not.toContain(`tickets/${desk.ann}`)
    expect(places).not.toContain(`transactions/${desk.ann}`)
    expect((await rtFaults(sql)).filter((fault) => !fault.startsWith('objectcustom'))).toEqual([])
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
        ...[...truth.owned].map((place) => `rt.${place} owned`),
        ...[...truth.shared].map((place) => `rt.${place} shared`),
        ...[...truth.named].map((place) => `rt.${place} mentioned`),
      ].sort(),
    )
    const secrets = ['password', 'authtoken', 'token']
    for (const { line, row } of got.filter(({ row }) => row.link === 'owned')) {
      const [table, key] = (/^rt\.(\w+)\/(\d+) /.exec(line) ?? []).slice(1) as [string, string]
      const stored = JSON.parse(before[table]?.get(key) as string) as Record<string, string | null>
      for (const secret of secrets) delete stored[secret]
      expect({ line, values: row.values }).toEqual({ line, values: stored })
    }
    const shared = JSON.stringify(got.filter(({ row }) => row.link !== 'owned').map(({ row }) => row.values))
    expect(others.filter((other) => shared.includes(other))).toEqual([])
    expect(shared).toContain(ann.address)
  })

  it('erasure leaves the whole database exactly as one would by hand, and RT whole', async () => {
    const before = await dump()
    const faults = await rtFaults(sql)
    const done = await office.run(await office.planned('erasure', hersOnly))
    expect(done.findings.filter((f) => ['residue', 'drift', 'hold', 'map'].includes(f.kind))).toEqual([])
    expect(done).toMatchObject({ status: 'done', residue: [] })
    expect(done.steps.every((step) => step.status === 'done' && step.skipped === 0)).toBe(true)
    const after = await dump()
    expect(differences(afterErasure(before, desk.rt, truth), after)).toEqual([])
    const changed = differences(before, after).map(({ table, key }) => `${table}/${key}`)
    expect(changed.filter((place) => truth.owned.has(place)).length).toBeGreaterThan(20)
    expect(changed.filter((place) => truth.named.has(place)).length).toBe(truth.named.size)
    expect(await rtFaults(sql)).toEqual(faults)
    expect(await at.db.read(verifyLedger)).toMatchObject({ faults: [] })
  })

  it('no identifier of hers is anywhere afterwards; bodies of hers that were encoded are gone with their rows', async () => {
    const needles = [
      ann.address,
      ann.login,
      '612345678',
      '06-12345678',
      '6 12 34 56 78',
      '6 1234 5678',
      'ann.old@',
    ]
    const longer = ['joann.lee@post.example', 'ann.lee@elders.example', '+31 6 1234 56789']
    const holding = async () => rowsHolding(await dump(), needles, longer)
    expect((await holding()).length).toBeGreaterThan(20)
    const decoded = async () =>
      (
        await sql.rows("SELECT id, content, contentencoding FROM attachments WHERE contentencoding <> 'none'")
      ).filter((row) => /ann/i.test(decode(row['content'] as string, row['contentencoding'] as string)))
    expect(await decoded()).toHaveLength(5)
    await office.run(await office.planned('erasure', hersOnly))
    expect(await holding()).toEqual([])
    expect(await office.planned('erasure', hersOnly)).toMatchObject({ status: 'planned', steps: [] })
    expect(await decoded()).toEqual([])
  })

  it('found by any spelling of her number or her login name, it is the same plan', async () => {
    const byMail = await office.planned('erasure', hersOnly)
    const shape = (plan: typeof byMail) => plan.steps.map((s) => `${s.collection} ${s.action} ${s.found}`)
    expect(shape(await office.planned('erasure', [{ kind: 'phone', value: '0031 (0)6-12345678' }]))).toEqual(
      shape(byMail),
    )
    expect(shape(await office.planned('erasure', [{ kind: 'rt_user', value: ann.login }]))).toEqual(
      shape(byMail),
    )
  })

  it('by her login name too, an address of her namesake that begins with it stays', async () => {
    const before = await dump()
    const done = await office.run(
      await office.planned('erasure', [...hersOnly, { kind: 'rt_user', value: ann.login }]),
    )
    expect(done).toMatchObject({ status: 'done', residue: [] })
    expect(differences(afterErasure(before, desk.rt, truth), await dump())).toEqual([])
  })

  it('an identifier in a table the map does not know stops the order for a person', async () => {
    await sql.exec(`INSERT INTO articles (name, summary) VALUES ('Socket', 'as ${ann.address} found out')`)
    const done = await office.run(await office.planned('erasure', hersOnly))
    expect(done.status).toBe('stopped')
    expect(done.residue).toMatchObject([
      { store: 'rt', table: 'articles', column: 'summary', rows: 1, ground: null },
    ])
  })
})

const decode = (content: string, encoding: string): string =>
  encoding === 'base64'
    ? Buffer.from(content, 'base64').toString('utf8')
    : Buffer.from(
        content
          .replace(/=\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      ).toString('utf8')
