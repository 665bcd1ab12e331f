import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { coverage } from '../../src/datamap/coverage.ts'
import { buildGraph } from '../../src/datamap/graph.ts'
import { loadDataMap } from '../../src/datamap/load.ts'
import type { EngineDeps } from '../../src/engine/deps.ts'
import { checkStores } from '../../src/engine/plan/check.ts'
import { scanForPerson } from '../../src/engine/verify/scan.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { openStore } from '../../src/stores/open.ts'
import { askFor, freshFolder, freshName } from '../support/ask.ts'
import { fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { policies } from '../support/desk.ts'
import { dumpLive, postgresSql, rowsHolding, type Sql } from '../support/live-dump.ts'
import { asGiven, type Orders, orders } from '../support/orders.ts'
import { freshPostgres } from '../support/postgres.ts'
import { differences } from '../support/store-dump.ts'
import { addRawMail, makeZammad } from '../support/zammad.ts'
import { ann, near, rawMail } from '../support/zammad-cast.ts'
import { hersAlone } from '../support/zammad-desk.ts'
import { afterErasure, read, type Truth, zammadTruth } from '../support/zammad-truth.ts'

const server = await askFor('postgres')
const hersOnly = [{ kind: 'email', value: ann.address }]
/** Names that installations number, and what is dealt out by them. */
const aboutNobody =
  /_(lookups|types|objects|attributes|states|priorities|senders|items)$|^(chats|groups|roles|tags|links)$/
const strength = ['possible', 'mentioned', 'shared', 'owned']

describe.skipIf(server.missing)(
  `Zammad on PostgreSQL${server.missing ? ` (${server.missing})` : ''}`,
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
      await makeZammad(sql)
      const map = loadDataMap(policies, [{ name: 'zammad', map: 'datamap/zammad.yaml' }])
      const store = openStore('zammad', { kind: 'postgres', url: fresh.url, files: undefined })
      deps = {
        map,
        graph: buildGraph(map),
        stores: new Map([['zammad', store]]),
        policyOf: () => ({ country: 'NL', ours: new Set(['+31201234567', 'desk@us.example']) }),
        spool: join(freshFolder(), 'spool'),
      }
      at = await testDatabase(clock)
      office = orders(at, clock, deps)
      truth = await zammadTruth(sql)
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
      expect(known?.unknownTables.filter((name) => !aboutNobody.test(name))).toEqual([])
    })

    it('access holds all and only her rows, each value as it stands', async () => {
      const before = await dump()
      const done = await office.run(await office.planned('access', hersOnly))
      expect(done).toMatchObject({ status: 'done' })
      expect(await dump()).toEqual(before)
      const got = await office.got(done)
      const strongest = new Map<string, string>()
      const keyless = got.filter(({ collection }) => collection.endsWith('s_users'))
      expect(keyless.map(({ row }) => JSON.stringify(row.values)).sort()).toEqual([
        '{"user_id":"3","organization_id":"2"}',
        '{"user_id":"3","organization_id":"2"}',
        '{"user_id":"3","organization_id":null}',
        '{"user_id":"3","role_id":"3"}',
      ])
      for (const { line } of got.filter((one) => !keyless.includes(one))) {
        const [place, link] = line.split(' ') as [string, string]
        const known = strongest.get(place) ?? 'possible'
        strongest.set(place, strength.indexOf(link) > strength.indexOf(known) ? link : known)
      }
      expect([...strongest].map(([place, link]) => `${place} ${link}`).sort()).toEqual(
        [
          ...[...truth.owned].map((place) => `zammad.${place} owned`),
          ...[...truth.shared].map((place) => `zammad.${place} shared`),
          ...[...truth.named].map((place) => `zammad.${place} mentioned`),
        ].sort(),
      )
      for (const { line, row } of got.filter((one) => one.row.link === 'owned' && !keyless.includes(one))) {
        const [table, key] = (/^zammad\.(\w+)\/(\S+) /.exec(line) ?? []).slice(1) as [string, string]
        const stored = JSON.parse(before[table]?.get(key) as string) as Record<string, string | null>
        for (const [column, value] of Object.entries(row.values)) {
          // What an agent wrote in a thread of hers is copied without third parties.
          const want = asGiven(row, column, asShown(stored[column] ?? null, value))
          expect(asText(value), `${line}.${column}`).toBe(want)
        }
      }
      const secret = JSON.stringify(got)
      expect(secret).not.toContain('secret-of-ann')
      expect(secret).not.toContain('argon2')
      const others = JSON.stringify(
        got.filter(({ row }) => row.link !== 'owned').map(({ row }) => row.values),
      )
      expect(others).not.toContain('bob@work.example')
      expect(others).not.toContain('joann.lee@post.example')
    })

    it('erasure leaves the whole database exactly as one would by hand', async () => {
      const before = await dump()
      const done = await office.run(await office.planned('erasure', hersOnly))
      expect(done.findings.filter((f) => ['residue', 'drift', 'hold', 'map'].includes(f.kind))).toEqual([])
      expect(done).toMatchObject({ status: 'tasks', residue: [] })
      expect(await office.attend(done)).toMatchObject({ status: 'done' })
      expect(done.steps.every((step) => step.status === 'done' && step.skipped === 0)).toBe(true)
      const after = await dump()
      expect(differences(afterErasure(before, truth), read(after))).toEqual([])
      expect(await at.db.read(verifyLedger)).toMatchObject({ faults: [] })
    })

    it('nothing that leads to her stands anywhere, plain or as a number that telephones know', async () => {
      const needles = [
        ann.address,
        'ann.lee%40',
        ann.phone,
        '12345678',
        '6 12345678',
        'ann.old@',
        'Ann Lee',
        'Kade 7',
      ]
      expect(rowsHolding(await dump(), needles, near).length).toBeGreaterThan(30)
      const seen = await scanForPerson(deps, 'zammad', hersOnly)
      expect(new Set(seen.residue.map(({ table, column }) => `${table}.${column}`)).size).toBeGreaterThan(25)
      await office.run(await office.planned('erasure', hersOnly))
      expect(rowsHolding(await dump(), needles, near)).toEqual([])
      expect(await office.planned('erasure', hersOnly)).toMatchObject({ status: 'planned', steps: [] })
    })

    it('her words inside somebody else’s raw mail are found in its base64, and a person decides', async () => {
      await addRawMail(
        sql,
        32,
        rawMail('Bob <bob@work.example>', 'desk@us.example', `> ${ann.address} wrote: it blinks`),
      )
      const before = await dump()
      const done = await office.run(await office.planned('erasure', hersOnly))
      expect(done.status).toBe('stopped')
      expect(done.residue).toMatchObject([
        { store: 'zammad', table: 'store_provider_dbs', column: 'data', rows: 1, ground: null },
      ])
      const changed = differences(before, await dump()).filter(({ table }) => table === 'store_provider_dbs')
      expect(changed.map(({ how }) => how)).toEqual(hersAlone.map(() => 'gone'))
    })
  },
)

/** Yes and no as PostgreSQL says it; JSON without its blanks. */
const asText = (value: string | null): string | null =>
  value === 'true' || value === 'false' ? value.charAt(0) : value

/** Bytes in base64; YAML unpacked, where the map says that it is. */
function asShown(stored: string | null, shown: string | null): string | null {
  if (stored?.startsWith('\\x')) return Buffer.from(stored.slice(2), 'hex').toString('base64')
  return stored?.startsWith('---') && shown !== stored
    ? JSON.stringify(parse(stored, { logLevel: 'silent' }))
    : stored
}
