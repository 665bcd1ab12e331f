import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { coverage } from '../../src/datamap/coverage.ts'
import { buildGraph } from '../../src/datamap/graph.ts'
import { loadDataMap } from '../../src/datamap/load.ts'
import type { EngineDeps } from '../../src/engine/deps.ts'
import { checkStores } from '../../src/engine/plan/check.ts'
import { isSuppressed } from '../../src/engine/run/suppress.ts'
import { scanForPerson } from '../../src/engine/verify/scan.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { openStore } from '../../src/stores/open.ts'
import { askFor, freshFolder, freshName } from '../support/ask.ts'
import { fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { policies } from '../support/desk.ts'
import { afterErasure, ann, listmonkTruth, makeListmonk, near, type Truth } from '../support/listmonk.ts'
import { freshView } from '../support/listmonk-schema.ts'
import { dumpLive, postgresSql, rowsHolding, type Sql } from '../support/live-dump.ts'
import { asGiven, type Orders, orders } from '../support/orders.ts'
import { freshPostgres } from '../support/postgres.ts'
import { differences } from '../support/store-dump.ts'

const server = await askFor('postgres')
const hersOnly = [{ kind: 'email', value: ann.address }]

describe.skipIf(server.missing)(
  `listmonk on PostgreSQL${server.missing ? ` (${server.missing})` : ''}`,
  { timeout: 120_000 },
  () => {
    const clock = fixedClock('2026-11-22T12:00:00Z')
    let sql: Sql
    let at: TestDatabase
    let deps: EngineDeps
    let office: Orders
    let truth: Truth

    beforeEach(async () => {
      const fresh = await freshPostgres(server.url as string, freshName())
      sql = await postgresSql(fresh.url)
      await makeListmonk(sql)
      const map = loadDataMap(policies, [{ name: 'mail', map: 'datamap/listmonk.yaml' }])
      const store = openStore('mail', { kind: 'postgres', url: fresh.url, files: undefined })
      deps = {
        map,
        graph: buildGraph(map),
        stores: new Map([['mail', store]]),
        policyOf: () => ({ country: 'NL' }),
        spool: join(freshFolder(), 'spool'),
      }
      at = await testDatabase(clock)
      office = orders(at, clock, deps)
      truth = await listmonkTruth(sql)
      return async () => {
        await store.close()
        await sql.close()
        await at.close()
        await fresh.close()
      }
    })
    const dump = () => dumpLive(sql, 'postgres')

    it('is fully known to the shipped map: nothing stops a run', async () => {
      const { blocked, catalogues } = await checkStores(deps)
      expect(blocked).toEqual([])
      const [known] = coverage(deps.map, catalogues)
      expect(known?.tables.filter(({ unknown }) => unknown.length > 0)).toEqual([])
      expect(known?.unknownTables).toEqual([])
    })

    it('access holds all and only her rows, each value as it stands, the opt-in address and the bounce report too', async () => {
      const before = await dump()
      const done = await office.run(await office.planned('access', hersOnly))
      expect(done).toMatchObject({ status: 'done' })
      expect(await dump()).toEqual(before)
      const got = await office.got(done)
      expect(got.map(({ line }) => line).sort()).toEqual(
        [
          ...[...truth.owned].map((place) => `mail.${place} owned`),
          ...[...truth.shared].map((place) => `mail.${place} shared`),
          ...[...truth.named].map((place) => `mail.${place} mentioned`),
        ].sort(),
      )
      for (const { line, row } of got.filter(({ row }) => row.link === 'owned')) {
        const [table, key] = (/^mail\.(\w+)\/(\S+) /.exec(line) ?? []).slice(1) as [string, string]
        const stored = JSON.parse(before[table]?.get(key) as string) as Record<string, string | null>
        const secrets = { users: ['password', 'twofa_key'], sessions: ['id', 'data'] }[table] ?? []
        for (const secret of secrets) delete stored[secret]
        for (const [column, value] of Object.entries(stored)) {
          // What somebody else wrote in a thread of hers is copied without third parties.
          expect(asText(row.values[column]), `${line}.${column}`).toBe(asGiven(row, column, value))
        }
        expect(Object.keys(row.values).sort()).toEqual(Object.keys(stored).sort())
      }
      const others = JSON.stringify(
        got.filter(({ row }) => row.link !== 'owned').map(({ row }) => row.values),
      )
      expect(others).not.toContain('bob@work.example')
      expect(others).not.toContain('joann.lee@post.example')
    })

    it('erasure leaves the whole database exactly as one would by hand: clicks and links stay, without whose they are', async () => {
      const before = await dump()
      const seen = await scanForPerson(deps, 'mail', hersOnly)
      expect(new Set(seen.residue.map(({ table, column }) => `${table}.${column}`)).size).toBeGreaterThan(10)
      const done = await office.run(await office.planned('erasure', hersOnly))
      expect(done.findings.filter((f) => ['residue', 'drift', 'hold', 'map'].includes(f.kind))).toEqual([])
      expect(done).toMatchObject({ status: 'tasks', residue: [] })
      expect(await office.attend(done)).toMatchObject({ status: 'done' })
      expect(done.steps.every((step) => step.status === 'done' && step.skipped === 0)).toBe(true)
      const after = await dump()
      expect(differences(await afterErasure(sql, before, truth), after)).toEqual([])
      expect(after['link_clicks']?.size).toBe(before['link_clicks']?.size)
      expect(rowsHolding(after, [ann.address, 'ann.lee%40', 'ann.lee@work.example'], near)).toEqual([])
      expect(await at.db.read(verifyLedger)).toMatchObject({ faults: [] })
    })

    it('JSON is the same JSON but for her: order, digits and emptiness', async () => {
      await office.run(await office.planned('erasure', hersOnly))
      const [bob] = await sql.rows('SELECT attribs FROM subscribers WHERE id = 8')
      expect(bob?.['attribs']).toContain('"score": 9007199254740993, "')
      expect(bob?.['attribs']).toContain('"ratio": 0.10')
      expect(JSON.parse(bob?.['attribs'] as string)).toMatchObject({
        '[erased]': 'friend',
        by: [{ who: { email: '[erased]', said: 'ask [erased], not Ann Smit' } }],
        empty: {},
        none: null,
      })
    })

    it('counts that listmonk keeps of its own are made again', async () => {
      await office.run(await office.planned('erasure', hersOnly))
      const columns = {
        mat_dashboard_counts: 'data::text AS a, 1 AS b',
        mat_dashboard_charts: 'data::text AS a, 1 AS b',
        mat_list_subscriber_stats: 'list_id, status, subscriber_count',
      }
      for (const [view, what] of Object.entries(columns))
        expect(await sql.rows(`SELECT ${what} FROM ${view} ORDER BY 1, 2`)).toEqual(
          await sql.rows(`SELECT ${what} FROM (${freshView(view)}) fresh ORDER BY 1, 2`),
        )
    })

    it('she is not mailed again though listmonk forgot that she was blocked: an import that asks is told', async () => {
      const ask = (value: string) =>
        at.db.read((reader) => isSuppressed(reader, { list: 'marketing', kind: 'email', value }))
      expect(await ask(ann.address)).toBe(false)
      await office.run(await office.planned('erasure', hersOnly))
      expect(await ask('ANN.LEE@post.example')).toBe(true)
      expect(await ask('joann.lee@post.example')).toBe(false)
    })

    it('copies outside are told as tasks, and a second erasure finds nothing', async () => {
      const plan = await office.run(await office.planned('erasure', hersOnly))
      const told = JSON.stringify(plan.findings)
      for (const word of ['CSV', 'bounce mailbox', 'suppression list', 'Settings'])
        expect(told).toContain(word)
      expect(await office.planned('erasure', hersOnly)).toMatchObject({ status: 'planned', steps: [] })
    })
  },
)

/** Yes and no as PostgreSQL says it. */
const asText = (value: string | null | undefined): string | null | undefined =>
  value === 'true' || value === 'false' ? value.charAt(0) : value
