import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
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
import {
  addCalls,
  callsAfterErasure,
  callsAroundAnn,
  kamailioTruth,
  makeKamailio,
} from '../support/kamailio.ts'
import { dumpLive, mariadbSql, postgresSql, type Sql } from '../support/live-dump.ts'
import { freshMariadb } from '../support/mariadb.ts'
import { type Orders, orders } from '../support/orders.ts'
import { freshPostgres } from '../support/postgres.ts'
import { ann, type Desk, makeDesk } from '../support/rt-cast.ts'
import { storeRt } from '../support/rt-store.ts'
import { afterErasure, rtFaults, rtTruth } from '../support/rt-truth.ts'
import { differences } from '../support/store-dump.ts'

const [postgres, mariadb] = await Promise.all([askFor('postgres'), askFor('mariadb')])
const [rtSchema, callSchema] = await Promise.all([
  unpacked('request-tracker5'),
  unpacked('kamailio-mysql-modules'),
])
const missing = postgres.missing ?? mariadb.missing ?? rtSchema.missing ?? callSchema.missing
const identities = [{ kind: 'email', value: ann.address }]

/** The shipped maps side by side, as they are: each number field says which fields of a help desk feed it. */
function joinedPolicies(): string {
  const folder = freshFolder()
  mkdirSync(join(folder, 'datamap'))
  for (const name of ['request-tracker.yaml', 'kamailio.yaml'])
    copyFileSync(join(policies, 'datamap', name), join(folder, 'datamap', name))
  return folder
}

describe.skipIf(missing)(
  `a help desk on PostgreSQL and calls on MariaDB, one order${missing ? ` (${missing})` : ''}`,
  () => {
    const clock = fixedClock('2026-11-22T12:00:00Z')
    let desk: Desk
    let rt: Sql
    let calls: Sql
    let at: TestDatabase
    let deps: EngineDeps
    let office: Orders

    beforeEach(async () => {
      const [rtPlace, callPlace] = await Promise.all([
        freshPostgres(postgres.url as string, freshName()),
        freshMariadb(mariadb.url as string, freshName()),
      ])
      rt = await postgresSql(rtPlace.url)
      calls = await mariadbSql(callPlace.url)
      desk = makeDesk()
      await rt.exec(readFileSync(join(rtSchema.folder as string, 'schema.Pg'), 'utf8'))
      await storeRt(rt, desk.rt)
      await makeKamailio(calls, callSchema.folder as string)
      await addCalls(calls, callsAroundAnn(400))
      // The switchboard that she and Bob have in common.
      await addCalls(calls, [{ time: '2026-11-02 09:00:00', from: '0205550100', dialled: '+31201234567' }])
      const map = loadDataMap(joinedPolicies(), [
        { name: 'help-desk', map: 'datamap/request-tracker.yaml' },
        { name: 'calls', map: 'datamap/kamailio.yaml' },
      ])
      const stores = new Map([
        ['help-desk', openStore('help-desk', { kind: 'postgres', url: rtPlace.url, files: undefined })],
        ['calls', openStore('calls', { kind: 'mysql', url: callPlace.url, files: undefined })],
      ])
      deps = {
        map,
        graph: buildGraph(map),
        stores,
        policyOf: () => ({ country: 'NL' }),
        spool: join(freshFolder(), 'spool'),
      }
      at = await testDatabase(clock)
      office = orders(at, clock, deps)
      return async () => {
        for (const store of stores.values()) await store.close()
        await rt.close()
        await calls.close()
        await at.close()
        await rtPlace.close()
        await callPlace.close()
      }
    })
    const dumps = async () => ({ rt: await dumpLive(rt, 'postgres'), calls: await dumpLive(calls, 'mysql') })

    it('her address alone leads over her account to her calls, and access holds both', async () => {
      expect((await checkStores(deps)).blocked).toEqual([])
      const [truth, sides] = [await rtTruth(rt, desk.rt, ann.address), await kamailioTruth(calls)]
      const before = await dumps()
      const done = await office.run(await office.planned('access', identities))
      expect(done).toMatchObject({ status: 'done' })
      expect(await dumps()).toEqual(before)
      const got = await office.got(done)
      const ofDesk = got.filter(({ line }) => line.startsWith('help-desk.')).map(({ line }) => line)
      expect(ofDesk.sort()).toEqual(
        [
          ...[...truth.owned].map((place) => `help-desk.${place} owned`),
          ...[...truth.shared].map((place) => `help-desk.${place} shared`),
          ...[...truth.named].map((place) => `help-desk.${place} mentioned`),
        ].sort(),
      )
      const ofCalls = got.filter(({ line }) => line.startsWith('calls.'))
      expect(ofCalls.map(({ collection, line }) => `${collection} ${line}`).sort()).toEqual(
        [...sides].map((side) => `${side.replace(' ', ' calls.')} owned`).sort(),
      )
    })

    it('erasure in one order leaves both databases exactly as one would by hand; the shared switchboard waits for a person', async () => {
      const [truth, sides] = [await rtTruth(rt, desk.rt, ann.address), await kamailioTruth(calls)]
      const before = await dumps()
      const plan = await office.planned('erasure', identities)
      expect(plan.findings).toContainEqual(
        expect.objectContaining({ kind: 'shared-line', store: 'calls', collection: 'calls_made', rows: 2 }),
      )
      const done = await office.run(plan)
      expect(done).toMatchObject({ status: 'done', residue: [] })
      const after = await dumps()
      expect(differences(afterErasure(before.rt, desk.rt, truth), after.rt)).toEqual([])
      expect(differences(callsAfterErasure(before.calls, sides), after.calls)).toEqual([])
      expect(sides.size).toBeGreaterThan(200)
      expect((await rtFaults(rt)).filter((fault) => !fault.startsWith('objectcustom'))).toEqual([])
      expect(await at.db.read(verifyLedger)).toMatchObject({ faults: [] })
    })
  },
)
