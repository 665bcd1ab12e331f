import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TimeZone } from '../../src/base/instant.ts'
import { buildGraph } from '../../src/datamap/graph.ts'
import { loadDataMap } from '../../src/datamap/load.ts'
import type { PurgeDeps } from '../../src/engine/purge/deps.ts'
import { checkStores } from '../../src/engine/plan/check.ts'
import { decideRows, rowsInDoubt } from '../../src/engine/order/doubt.ts'
import { type Plan, planOf } from '../../src/engine/order/show.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { openStore } from '../../src/stores/open.ts'
import { askFor, freshFolder, freshName } from '../support/ask.ts'
import { fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { policies } from '../support/desk.ts'
import { makeCalls } from '../support/freepbx-cast.ts'
import { freepbxSchema } from '../support/freepbx-schema.ts'
import {
  callsAfterErasure,
  callTruth,
  filesOf,
  insert,
  isOf,
  withoutHers,
  notHers,
  ours,
  put,
  storeCalls,
} from '../support/freepbx.ts'
import { dumpLive, mariadbSql, rowsHolding, type Sql } from '../support/live-dump.ts'
import { freshMariadb } from '../support/mariadb.ts'
import { type Orders, orders } from '../support/orders.ts'
import { OsTicket } from '../support/osticket.ts'
import { osTicketSchema } from '../support/osticket-schema.ts'
import { differences } from '../support/store-dump.ts'

const server = await askFor('mariadb')
const { missing } = server
const identities = [{ kind: 'phone', value: '06 1234 5678' }]
const herFiles = [
  'monitor/2026/11/01/external-101-+31612345678-20261101-000001-1762331003.1.wav',
  'monitor/2026/11/05/q-600-0612345678-20261105-101010-1762331001.1.wav',
  'monitor/2026/11/06/out-90612345678-101-20261106-090000-1762331002.1.wav',
  'monitor/2026/11/08/ondemand-101-102-20261108-110000-1762331005.1.wav',
  'voicemail/default/101/INBOX/msg0003.txt',
  'voicemail/default/101/INBOX/msg0003.wav',
]

describe.skipIf(missing)(`FreePBX's calls on MariaDB${missing ? ` (${missing})` : ''}`, () => {
  const clock = fixedClock('2026-11-22T12:00:00Z')
  let sql: Sql
  let spool: string
  let at: TestDatabase
  let deps: PurgeDeps
  let office: Orders
  let truth: Awaited<ReturnType<typeof callTruth>>

  beforeEach(async () => {
    const fresh = await freshMariadb(server.url as string, freshName())
    sql = await mariadbSql(fresh.url)
    spool = freshFolder()
    await sql.exec(freepbxSchema)
    await storeCalls(sql, spool, makeCalls(notHers))
    // A call that the copy has lost by now, and one that only the copy still has.
    await sql.exec("DELETE FROM transient_cdr WHERE linkedid = '1762331003.1'")
    await sql.exec("DELETE FROM cdr WHERE linkedid = '1762331004.1'")
    for (const [msgnum, callerid] of [
      [3, '"Ann Lee" <0612345678>'],
      [4, '"Bob Vos" <0687654321>'],
    ] as const)
      await voicemail(msgnum, callerid)
    const map = loadDataMap(policies, [{ name: 'calls', map: 'datamap/freepbx.yaml' }])
    const store = openStore('calls', { kind: 'mysql', url: fresh.url, files: spool })
    deps = {
      map,
      graph: buildGraph(map),
      stores: new Map([['calls', store]]),
      policyOf: () => ({ country: 'NL', outsideLine: ['9'], ours: new Set([ours]) }),
      zoneOf: () => 'Europe/Amsterdam' as TimeZone,
      spool: join(freshFolder(), 'spool'),
    }
    at = await testDatabase(clock)
    office = orders(at, clock, deps)
    truth = await callTruth(sql)
    return async () => {
      await store.close()
      await sql.close()
      await at.close()
      await fresh.close()
    }
  })
  const dump = () => dumpLive(sql, 'mysql')

  async function voicemail(msgnum: number, callerid: string): Promise<void> {
    const dir = join(spool, 'voicemail/default/101/INBOX')
    const more = { origtime: 1762331004, duration: 9, mailboxuser: '101', mailboxcontext: 'default' }
    await insert(sql, 'voicemail_messages', {
      dir,
      msgnum,
      callerid,
      recording: `sound of ${callerid}`,
      ...more,
    })
    for (const kind of ['txt', 'wav'])
      put(spool, `voicemail/default/101/INBOX/msg000${msgnum}.${kind}`, `callerid=${callerid}`)
  }

  it('have what makes it hard: a copy by trigger, rows without a key, legs without a number, calls with two outsiders', async () => {
    expect(truth.hers.size).toBe(6)
    expect(truth.mixed.size).toBe(2)
    const [twice] = await sql.rows(
      "SELECT count(*) AS n FROM cdr WHERE uniqueid = '1762331001.3' AND linkedid = '1762331001.1'",
    )
    expect(twice).toEqual({ n: '2' })
    const [engine] = await sql.rows(
      "SELECT engine FROM information_schema.tables WHERE table_name = 'transient_cdr' AND table_schema = DATABASE()",
    )
    expect(Object.values(engine ?? {})).toEqual(['MyISAM'])
  })

  it('are fully known to the shipped map: nothing stops a run', async () => {
    expect((await checkStores(deps)).blocked).toEqual([])
  })

  it('access holds every leg of her calls and its copy, and nothing of a call that is not hers alone', async () => {
    const before = await dump()
    const done = await office.run(await office.planned('access', identities))
    expect(done).toMatchObject({ status: 'done' })
    expect(await dump()).toEqual(before)
    const expected = Object.entries(before).flatMap(([table, rows]) =>
      [...rows].filter(([, row]) => isOf(truth.hers, table, row)).map(([, row]) => `${table} ${row}`),
    )
    expect(expected.length).toBeGreaterThan(20)
    const got = (await office.got(done)).filter(({ row }) => row.link === 'owned')
    const lines = got.map(({ line, row: { values } }) => {
      const sound = values['recording']
      const bytes = typeof sound === 'string' && {
        recording: Buffer.from(sound, 'base64').toString('latin1'),
      }
      return `${/\.(\w+)\//.exec(line)?.[1]} ${JSON.stringify({ ...values, ...bytes })}`
    })
    expect(lines.sort()).toEqual(expected.sort())
    const files = got.flatMap(({ row }) => row.files?.map(({ name }) => name) ?? [])
    expect([...new Set(files)].sort()).toEqual(herFiles)
  })

  it('erasure takes all legs, copies and recordings of her calls, and leaves every other row and file to the byte', async () => {
    const before = await dump()
    const files = filesOf(spool)
    const done = await office.run(await office.planned('erasure', identities))
    expect(done.steps.filter((step) => step.status !== 'done' || step.skipped > 0)).toEqual([])
    // What waits for a person holds her number still, and the order does not end.
    expect(done.status).toBe('stopped')
    expect(differences(callsAfterErasure(before, truth.hers), await dump())).toEqual([])
    expect([...files].filter(([name]) => !filesOf(spool).has(name)).map(([name]) => name)).toEqual(herFiles)
    for (const [name, content] of filesOf(spool)) expect(files.get(name)).toBe(content)
    expect(await at.db.read(verifyLedger)).toMatchObject({ faults: [] })
  })

  it('are found by her address too where a help desk knows her number; a switchboard of two makes no call anybody’s', async () => {
    const line = { src: '+31201119999', dst: '101', linkedid: '1762337001.1' }
    await insert(sql, 'cdr', { calldate: '2026-11-13 09:00:00', ...line })
    const desk = await freshMariadb(server.url as string, freshName())
    const other = await mariadbSql(desk.url)
    const store = openStore('desk', { kind: 'mysql', url: desk.url, files: undefined })
    try {
      await other.exec(osTicketSchema)
      const people = new OsTicket()
      const phones = { 12: '06-12345678', 13: '020 111 9999', 14: '+31 20 1119999' }
      for (const [id, phone] of Object.entries(phones)) {
        people.user(Number(id), `Person ${id}`, [[Number(id), `p${id}@post.example`]])
        people.add('user__cdata', { user_id: Number(id), phone })
      }
      await people.rows.store(other)
      const map = loadDataMap(policies, [
        { name: 'calls', map: 'datamap/freepbx.yaml' },
        { name: 'desk', map: 'datamap/osticket.yaml' },
      ])
      const stores = new Map([...deps.stores, ['desk', store]])
      const both = orders(at, clock, { ...deps, map, graph: buildGraph(map), stores })
      const calls = async (email: string) =>
        (await both.planned('access', [{ kind: 'email', value: email }])).steps
          .filter((step) => step.store === 'calls')
          .map((step) => `${step.collection} ${step.action} ${step.found}`)
          .sort()
      const alone = (await office.planned('access', identities)).steps
      expect(await calls('p12@post.example')).toEqual(
        alone.map((step) => `${step.collection} ${step.action} ${step.found}`).sort(),
      )
      expect(await calls('p13@post.example')).toEqual(['calls decide 1', 'recent_calls decide 1'])
    } finally {
      await store.close()
      await other.close()
      await desk.close()
    }
  })

  it('a call with another outsider waits for a person, with all its legs; where it is shared, her side of it goes and nothing else', async () => {
    const before = await dump()
    const plan = await office.planned('erasure', identities)
    const open = plan.steps
      .filter((step) => step.action === 'decide')
      .map((step) => `${step.collection} ${step.found}`)
    expect(open.sort()).toEqual(['calls 4', 'events 2', 'recent_calls 4'])
    const { orderId } = plan
    const rows = (await rowsInDoubt(deps, at.db, { orderId })).map(({ collectionId, row }) => ({
      collectionId,
      row,
      verdict: 'shared' as const,
    }))
    expect(rows).toHaveLength(10)
    await office.act((ctx) => decideRows(ctx, { orderId, rows }))
    await office.drain()
    const again = await at.db.read((reader) => planOf(reader, orderId))
    const done = await office.run(again as Plan)
    expect(done).toMatchObject({ status: 'tasks', residue: [] })
    const left = Object.fromEntries(
      Object.entries(callsAfterErasure(before, truth.hers)).map(([table, all]) => [
        table,
        [...all.values()].map((row) => withoutHers(row)).sort(),
      ]),
    )
    expect(
      Object.fromEntries(
        Object.entries(await dump()).map(([table, all]) => [table, [...all.values()].sort()]),
      ),
    ).toEqual(left)
    expect(await office.attend(done)).toMatchObject({ status: 'done' })
  })

  it('no number of hers is anywhere afterwards, but in the calls that wait for a person', async () => {
    const longer = ['06123456789', '10612345678', '+4531612345678']
    await office.run(await office.planned('erasure', identities))
    const holding = rowsHolding(await dump(), ['612345678'], longer)
    const before = await dump()
    const left = holding.filter((place) => {
      const [table, ...key] = place.split('/')
      return !isOf(truth.mixed, table as string, before[table as string]?.get(key.join('/')) as string)
    })
    expect(left).toEqual([])
  })

  it('a recording whose row is gone is found by the number in its name, and stops the order for a person', async () => {
    const name = 'monitor/2026/01/02/in-0201234567-0612345678-20260102-101010-1762330001.1.wav'
    put(spool, name, 'sound')
    const done = await office.run(await office.planned('erasure', identities))
    expect(done.status).toBe('stopped')
    expect(JSON.stringify(done.residue)).not.toContain('612345678')
    expect(filesOf(spool).has(name)).toBe(true)
  })
})
