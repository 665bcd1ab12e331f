import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TimeZone } from '../../src/base/instant.ts'
import { buildGraph } from '../../src/datamap/graph.ts'
import { loadDataMap } from '../../src/datamap/load.ts'
import type { PurgeDeps } from '../../src/engine/purge/deps.ts'
import { purgeJob } from '../../src/engine/purge/job.ts'
import { checkStores } from '../../src/engine/plan/check.ts'
import { openWorker } from '../../src/ops/jobs/worker.ts'
import { silentLog } from '../../src/ops/log.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { approveRule } from '../../src/retention/approve.ts'
import { retentionJobs } from '../../src/retention/jobs.ts'
import { certificateOf } from '../../src/retention/list.ts'
import { loadRules } from '../../src/retention/rules.ts'
import { runRule } from '../../src/retention/run.ts'
import { openStore } from '../../src/stores/open.ts'
import { askFor, freshFolder, freshName } from '../support/ask.ts'
import { fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { unpacked } from '../support/debian.ts'
import { policies } from '../support/desk.ts'
import {
  addCalls,
  annSpelled,
  callsAfterErasure,
  callsAroundAnn,
  kamailioTruth,
  makeKamailio,
  notHers,
} from '../support/kamailio.ts'
import { dumpLive, mariadbSql, type Sql } from '../support/live-dump.ts'
import { freshMariadb } from '../support/mariadb.ts'
import { type Orders, orders } from '../support/orders.ts'
import { differences } from '../support/store-dump.ts'

const server = await askFor('mariadb')
const schema = await unpacked('kamailio-mysql-modules')
const missing = server.missing ?? schema.missing
const identities = [{ kind: 'phone', value: '06 1234 5678' }]

describe.skipIf(missing)(`Kamailio's calls on MariaDB${missing ? ` (${missing})` : ''}`, () => {
  const clock = fixedClock('2026-11-22T12:00:00Z')
  let sql: Sql
  let at: TestDatabase
  let deps: PurgeDeps
  let office: Orders

  beforeEach(async () => {
    const fresh = await freshMariadb(server.url as string, freshName())
    sql = await mariadbSql(fresh.url)
    await makeKamailio(sql, schema.folder as string)
    const map = loadDataMap(policies, [{ name: 'calls', map: 'datamap/kamailio.yaml' }])
    const store = openStore('calls', { kind: 'mysql', url: fresh.url, files: undefined })
    deps = {
      map,
      graph: buildGraph(map),
      stores: new Map([['calls', store]]),
      policyOf: () => ({ country: 'NL' }),
      zoneOf: () => 'UTC' as TimeZone,
      spool: join(freshFolder(), 'spool'),
    }
    at = await testDatabase(clock)
    office = orders(at, clock, deps)
    return async () => {
      await store.close()
      await sql.close()
      await at.close()
      await fresh.close()
    }
  })
  const dump = () => dumpLive(sql, 'mysql')

  it('are fully known to the shipped map: nothing stops a run', async () => {
    expect((await checkStores(deps)).blocked).toEqual([])
  })

  it('access holds every side of a call that is hers and no number of anybody else’s', async () => {
    await addCalls(sql, callsAroundAnn())
    const hers = await kamailioTruth(sql)
    expect(hers.size).toBeGreaterThan(1000)
    const before = await dump()
    const done = await office.run(await office.planned('access', identities))
    expect(done).toMatchObject({ status: 'done' })
    expect(await dump()).toEqual(before)
    const got = await office.got(done)
    expect(got.map(({ collection, line }) => `${collection} ${line}`).sort()).toEqual(
      [...hers].map((side) => `${side.replace(' ', ' calls.')} owned`).sort(),
    )
    for (const { line, row } of got) {
      const [table, key] = (/^calls\.(\w+)\/(\d+) /.exec(line) ?? []).slice(1) as [string, string]
      const stored = JSON.parse(before[table]?.get(key) as string) as Record<string, string>
      const parties = Object.keys(row.values).filter((column) => column.endsWith('user'))
      expect(parties).toHaveLength(1)
      expect(annSpelled).toContain(row.values[parties[0] as string])
      for (const [column, value] of Object.entries(row.values))
        expect(value, `${line}.${column}`).toBe(stored[column])
    }
  })

  it('erasure leaves the whole database exactly as one would by hand: her side of each call, no other', async () => {
    await addCalls(sql, callsAroundAnn())
    const hers = await kamailioTruth(sql)
    const before = await dump()
    const done = await office.run(await office.planned('erasure', identities))
    expect(done).toMatchObject({ status: 'done', residue: [] })
    expect(done.steps.every((step) => step.status === 'done' && step.skipped === 0)).toBe(true)
    const after = await dump()
    expect(differences(callsAfterErasure(before, hers), after)).toEqual([])
    expect(differences(before, after).length).toBeGreaterThan(1000)
    expect(await kamailioTruth(sql)).toEqual(new Set())
    expect(await at.db.read(verifyLedger)).toMatchObject({ faults: [] })
  })

  it('numbers near hers, hers inside a longer one, a name and no number at all are nothing of hers', async () => {
    await addCalls(
      sql,
      notHers.flatMap((number) =>
        [true, false].map((missed) => ({
          time: '2026-11-01 10:00:00',
          from: number,
          dialled: number,
          missed,
        })),
      ),
    )
    expect(await office.planned('access', identities)).toMatchObject({ status: 'planned', steps: [] })
  })

  it('retention takes the calls whose three months are over, and no others', async () => {
    const folder = freshFolder()
    mkdirSync(join(folder, 'retention'))
    writeFileSync(
      join(folder, 'retention', 'calls.yaml'),
      rule('calls_made', 'made') + rule('missed_made', 'missed', false),
    )
    const rules = loadRules(join(folder, 'retention'), deps.map)
    // The store writes UTC, the rule counts days of Amsterdam: the first is the last second of 21 August there.
    const times = [
      '2026-08-21 21:59:59',
      '2026-08-21 22:00:00',
      '2026-08-23 00:00:00',
      '2026-11-22 11:00:00',
      '2025-01-31 10:00:00',
    ]
    await addCalls(
      sql,
      times.flatMap((time) =>
        [true, false].map((missed) => ({ time, missed, from: '+31620000001', dialled: '+31620000002' })),
      ),
    )
    const left = async (table: string) =>
      (await sql.rows(`SELECT DISTINCT time FROM ${table} ORDER BY time`)).map((row) => row['time'])
    const worker = openWorker(at.db, [purgeJob(deps), ...retentionJobs({ rules: () => rules })], silentLog)
    const done: number[] = []
    for (const { id, version } of rules) {
      await office.act((ctx) => approveRule(ctx, { ruleId: id, version }, rules))
      const { runId } = await office.act((ctx) => runRule(ctx, { ruleId: id, slot: clock.now() }, rules))
      await worker.drain()
      done.push((await at.db.read((reader) => certificateOf(reader, runId)))?.counts.done ?? -1)
    }
    // INVITE and BYE of two calls; two missed ones.
    expect(done).toEqual([4, 2])
    for (const table of ['acc', 'missed_calls'])
      expect(await left(table)).toEqual(['2026-08-21 22:00:00', '2026-08-23 00:00:00', '2026-11-22 11:00:00'])
    expect(await at.db.read(verifyLedger)).toMatchObject({ faults: [] })
  })
})

const rule = (collection: string, id: string, first = true) => `${first ? 'rules:' : ''}
  - id: ${id}
    title: Accounted calls
    data: calls.${collection}
    purpose: finding faults
    basis: legitimate_interests
    from: time
    keep: P3M
    then: delete
    owner: Head of telephony
    because: Three months are enough to find a fault.
    schedule: '0 2 * * *'
    timezone: Europe/Amsterdam
`
