import { spawn } from 'node:child_process'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { openApp } from '../../src/app/open.ts'
import { cast } from '../../src/demo/cast.ts'
import { openPackage } from '../../src/export/open-package.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import type { Ctx } from '../../src/ops/db/database.ts'
import { readConfig } from '../../src/ops/config.ts'
import { openWorker } from '../../src/ops/jobs/worker.ts'
import { silentLog } from '../../src/ops/log.ts'
import { approve } from '../../src/requests/approve.ts'
import { decide } from '../../src/requests/decide.ts'
import { receiveRequest } from '../../src/requests/receive.ts'
import { showRequest } from '../../src/requests/show.ts'
import { freshFolder } from '../support/ask.ts'
import { fixedClock } from '../support/clock.ts'
import { testDatabase, testKey } from '../support/database.ts'
import { policies, sampleNow, sampleStores } from '../support/desk.ts'
import type { KillOrders } from '../support/killed-app.ts'
import { dumpStore, dumpText } from '../support/oracle.ts'

const clock = fixedClock(sampleNow)
const later = '2026-11-22T13:00:00Z'
const long = process.env['LETHE_TEST_LONG'] === '1'
const seed = Number(process.env['LETHE_TEST_SEED'] ?? 20261122)

interface Desk {
  readonly env: Record<string, string>
  readonly home: string
  readonly reference: string
  close(): Promise<void>
}

/** A desk whose request is decided and approved: everything that is left is work for the jobs. */
async function decidedDesk(right: 'access' | 'erasure'): Promise<Desk> {
  const database = await testDatabase(clock)
  await database.db.close()
  const home = freshFolder()
  cpSync(await sampleStores(), join(home, 'stores'), { recursive: true })
  const env = {
    LETHE_HOME: home,
    LETHE_POLICIES: policies,
    LETHE_DATABASE_URL: database.url,
    LETHE_KEY: Buffer.from(testKey).toString('base64'),
  }
  const app = await openApp(readConfig(env), { clock, log: silentLog })
  const as = <T>(id: string, work: (ctx: Ctx) => Promise<T>) =>
    app.db.transact((tx) => work({ actor: { kind: 'officer', id }, clock, tx }))
  const { reference } = await as('olivia', (ctx) =>
    receiveRequest(
      ctx,
      {
        right,
        regime: 'NL',
        channel: 'desk',
        language: 'nl',
        identities: [{ kind: 'email', value: cast.alice.emails[0] as string }],
        verified: 'called back on the number on file',
      },
      app.requests,
    ),
  )
  await openWorker(app.db, app.jobs, silentLog).drain()
  await as('olivia', (ctx) => decide(ctx, { reference, outcome: 'grant' }, app.requests))
  if (right === 'erasure') {
    const digest = (await app.db.read((reader) => showRequest({ reader }, { reference }))).plan?.digest ?? ''
    await as('axel', (ctx) => approve(ctx, { reference, digest }))
  }
  await app.close()
  return { env, home, reference, close: database.close }
}

/** Runs the jobs in a process of their own; answers what it printed, or how it ended. */
async function worked(
  desk: Desk,
  at: number,
  now: string,
): Promise<{ readonly signal: string | null; readonly points: number }> {
  const orders: KillOrders = { env: desk.env, now, at }
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../support/killed-app.ts'), JSON.stringify(orders)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const [out, err, signal] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    new Promise<string | null>((resolve) =>
      child.once('exit', (code, ended) => resolve(code === 0 ? null : (ended ?? `exit ${code}`))),
    ),
  ])
  if (signal !== null && signal !== 'SIGKILL') throw new Error(`${signal}: ${err.toString()}`)
  return { signal, points: Number(out.toString()) }
}

const dump = (home: string): string =>
  ['tickets', 'calls', 'marketing']
    .map((store) => dumpText(dumpStore(join(home, 'stores', `${store}.db`))))
    .join('\n') +
  readdirSync(join(home, 'stores/recordings'), { recursive: true })
    .map(String)
    .toSorted((a, b) => a.localeCompare(b))
    .join('\n')

/** What must be the same whatever happened on the way. */
async function endState(desk: Desk) {
  const app = await openApp(readConfig(desk.env), { clock: fixedClock(later), log: silentLog })
  try {
    const file = await app.db.read((reader) => showRequest({ reader }, { reference: desk.reference }))
    const { faults } = await app.db.read(verifyLedger)
    const made = file.package
    const bytes = made
      ? await app.db.read((reader) => openPackage(reader, { folder: app.packages, id: made.id }))
      : undefined
    return {
      status: file.status,
      faults,
      steps: file.plan?.steps.map(({ store, collection, action, status, found, done, kept, skipped }) => ({
        store,
        collection,
        action,
        status,
        found,
        done,
        kept,
        skipped,
      })),
      left: file.plan?.residue?.filter((r) => r.ground === null),
      letters: file.messages.map((message) => `${message.letter} ${message.delivery}`).sort(),
      mails: mailSubjects(desk.home),
      package: bytes ? (await buffer(await bytes.stream())).subarray(0, 2).toString() : 'none',
      stores: dump(desk.home),
    }
  } finally {
    await app.close()
  }
}

const mailSubjects = (home: string): string[] =>
  readdirSync(join(home, 'outbox'))
    .map((name) => /^Subject: .*$/m.exec(readFileSync(join(home, 'outbox', name), 'utf8'))?.[0] ?? '')
    .map((subject) => subject.replace(/R-[0-9A-Z]{4}-[0-9A-Z]{4}/, 'R'))
    .sort()

/** Seeded choice of points, spread over the whole run. */
function chosen(points: number, count: number): number[] {
  if (long) return Array.from({ length: points }, (_, n) => n + 1)
  let state = seed
  const random = () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31
  return Array.from({ length: count }, (_, n) =>
    Math.min(points, 1 + Math.floor(((n + random()) * points) / count)),
  )
}

describe.each([
  ['erasure' as const, 4],
  ['access' as const, 3],
])('an %s whose process is killed', (right, count) => {
  it(
    `ends as an undisturbed one, at every commit (seed ${seed})`,
    async () => {
      const calm = await decidedDesk(right)
      const { points } = await worked(calm, 0, sampleNow)
      const wanted = await endState(calm)
      await calm.close()
      expect(wanted.status).toBe('ready')
      expect(wanted.faults).toEqual([])
      expect(points).toBeGreaterThan(20)
      for (const at of chosen(points, count)) {
        const desk = await decidedDesk(right)
        expect((await worked(desk, at, sampleNow)).signal, `point ${at} of ${points}`).toBe('SIGKILL')
        await worked(desk, 0, later)
        expect(await endState(desk), `killed at point ${at} of ${points}`).toEqual(wanted)
        await desk.close()
      }
    },
    long ? 3_600_000 : 240_000,
  )
})
