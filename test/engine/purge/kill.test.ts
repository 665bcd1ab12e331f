import { spawn } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PurgePoint } from '../../../src/engine/purge/deps.ts'
import { purgeJob } from '../../../src/engine/purge/job.ts'
import { purgeOf } from '../../../src/engine/purge/show.ts'
import { verifyLedger } from '../../../src/ledger/verify.ts'
import { openWorker } from '../../../src/ops/jobs/worker.ts'
import { silentLog } from '../../../src/ops/log.ts'
import { approveRule } from '../../../src/retention/approve.ts'
import { retentionJobs } from '../../../src/retention/jobs.ts'
import { certificateOf } from '../../../src/retention/list.ts'
import { loadRules, type Rules } from '../../../src/retention/rules.ts'
import { runRule } from '../../../src/retention/run.ts'
import { askFor, freshFolder, freshName } from '../../support/ask.ts'
import { type CallStore, callsRule, callStore } from '../../support/call-store.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase, testDialect } from '../../support/database.ts'
import { freshMariadb } from '../../support/mariadb.ts'
import { freshPostgres } from '../../support/postgres.ts'
import type { Orders } from './killed.ts'

const postgres = await askFor('postgres')
const mariadb = await askFor('mariadb')
const now = '2027-03-01T09:00:00+01:00'
const clock = fixedClock(now)
/** More than one batch, and on SQLite many transactions a batch. */
const rows = 620
const withFile = (id: number) => id % 5 === 0
const points: readonly PurgePoint[] = [
  'read',
  'intended',
  'locked',
  'deleted',
  'unlinked',
  'committed',
  'received',
]

/** Every point on SQLite over SQLite; other pairs go the same way and have all of them in the long suite only. */
const long = process.env['LETHE_TEST_LONG'] === '1'
const kills = (kind: string) =>
  points
    .flatMap((point) => [[point, 1] as const, [point, 2] as const])
    .filter(([point, times]) => {
      if (long) return true
      if (kind === 'sqlite' && testDialect === 'sqlite') return times === 1 || point === 'committed'
      return times === 2 && ['deleted', 'committed'].includes(point)
    })

const places = [
  {
    kind: 'sqlite' as const,
    missing: undefined,
    fresh: async () => ({ url: `file:${join(freshFolder(), 'calls.db')}`, close: async () => undefined }),
  },
  {
    kind: 'postgres' as const,
    missing: postgres.missing,
    fresh: () => freshPostgres(postgres.url as string, freshName()),
  },
  {
    kind: 'mysql' as const,
    missing: mariadb.missing,
    fresh: () => freshMariadb(mariadb.url as string, freshName()),
  },
]

for (const { kind, missing, fresh } of places)
  describe.skipIf(missing)(`a purge of a ${kind} store that is killed ${missing ?? ''}`, () => {
    let database: TestDatabase
    let store: CallStore
    let rules: Rules
    let orders: Omit<Orders, 'point' | 'times'>
    let end: () => Promise<void>

    beforeEach(async () => {
      clock.set(now)
      database = await testDatabase(clock)
      const place = await fresh()
      const folder = freshFolder()
      store = await callStore(kind, place.url, folder)
      writeFileSync(join(store.policies, 'retention', 'calls.yaml'), callsRule())
      rules = loadRules(join(store.policies, 'retention'), store.deps.map)
      orders = { database: database.url, kind, url: place.url, folder, now }
      const values = Array.from(
        { length: rows },
        (_, i) =>
          `(${i + 1}, NULL, '2026-10-01 10:00:00', ${withFile(i + 1) ? `'call-${i + 1}.wav'` : 'NULL'}, 'closed', NULL)`,
      )
      await store.exec(
        `INSERT INTO calls VALUES ${values.join(', ')}`,
        `INSERT INTO marks SELECT id, id FROM calls`,
      )
      for (let id = 1; id <= rows; id++)
        if (withFile(id)) writeFileSync(join(store.files, `call-${id}.wav`), 'x')
      await store.addCall({ id: rows + 1, ended: '2027-02-01T10:00:00Z' })
      end = async () => {
        await store.close()
        await place.close()
        await database.close()
      }
    })
    afterEach(() => end())

    test.each(kills(kind))(
      'at "%s", time %i, ends right when it is started again: each call gone once, with its file, and written down',
      async (point, times) => {
        const [rule] = rules
        if (!rule) throw new Error('no rule')
        const ctx = { actor: { kind: 'officer', id: 'o' } as const, clock }
        const { runId, orderId } = await database.db.transact(async (tx) => {
          await approveRule({ ...ctx, tx }, { ruleId: rule.id, version: rule.version }, rules)
          return runRule({ ...ctx, tx }, { ruleId: rule.id, slot: clock.now() }, rules)
        })
        expect(await killedChild({ ...orders, point, times })).toBe('SIGKILL')
        expect((await database.db.read((reader) => purgeOf(reader, orderId))).status).toBe('running')
        clock.advance(61_000)
        await openWorker(
          database.db,
          [purgeJob(store.deps), ...retentionJobs({ rules: () => rules })],
          silentLog,
        ).drain()

        expect(await store.ids()).toEqual([rows + 1])
        expect(await store.ids('marks')).toEqual([])
        expect(readdirSync(store.files)).toEqual([`call-${rows + 1}.wav`])
        const certificate = await database.db.read((reader) => certificateOf(reader, runId))
        expect(certificate?.counts).toMatchObject({ due: rows, done: rows, kept: {}, skipped: 0 })
        expect(certificate?.batches.reduce((sum, batch) => sum + batch.done, 0)).toBe(rows)
        const open = point === 'read' || point === 'received' ? 0 : 1
        expect(certificate?.counts.settled).toBe(open)
        // What went below a batch that was settled by looking is not counted, and is never counted twice.
        const { below = -1, files = -1 } = certificate?.counts ?? {}
        expect([below <= rows && (below === rows || open === 1), files <= rows / 5]).toEqual([true, true])
        expect((await database.db.read(verifyLedger)).faults).toEqual([])
      },
      60_000,
    )
  })

function killedChild(orders: Orders): Promise<string> {
  const script = join(import.meta.dirname, 'killed.ts')
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, JSON.stringify(orders)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (text: Buffer) => (said += text.toString()))
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(signal ?? `ended with ${code}: ${said.slice(-2000)}`))
  })
}
