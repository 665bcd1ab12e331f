import { copyFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runOrder } from '../../../src/engine/order/run.ts'
import { planOf } from '../../../src/engine/order/show.ts'
import type { NewOrder } from '../../../src/engine/order/place.ts'
import { tables as replayTables } from '../../../src/engine/replay/tables.ts'
import { tables } from '../../../src/engine/tables.ts'
import { tables as ledgerTables } from '../../../src/ledger/tables.ts'
import { verifyLedger } from '../../../src/ledger/verify.ts'
import type { Database } from '../../../src/ops/db/database.ts'
import { openDatabase } from '../../../src/ops/db/open.ts'
import { tables as jobTables } from '../../../src/ops/jobs/tables.ts'
import { askFor, freshFolder, freshName } from '../../support/ask.ts'
import type { FixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase, testKeys } from '../../support/database.ts'
import { orders } from '../../support/orders.ts'
import { freshPostgres } from '../../support/postgres.ts'
import { ann, rights, type Story } from './story.ts'

/** An order that is approved and waits for its job, with as many copies of the service's own database as one likes. */
export interface Approved {
  readonly orderId: string
  /** The store as it was, and our own database as it was when the order was approved. */
  again(): Promise<TestDatabase>
  close(): Promise<void>
}

export async function approvedOrder(
  story: Story,
  clock: FixedClock,
  right: NewOrder['kind'],
): Promise<Approved> {
  const { change, before } = rights.find((one) => one.kind === right) ?? {}
  const at = await testDatabase(clock)
  const desk = orders(at, clock, story.deps)
  await story.reset()
  let lifts: string | undefined
  if (right === 'lifting') lifts = (await desk.run(await desk.planned('restriction', ann))).orderId
  const plan = await desk.planned(right, ann, lifts === undefined ? change : { lifts })
  const { orderId, digest } = plan
  if (digest === undefined) throw new Error('the order has no plan')
  await desk.act((ctx) => runOrder(ctx, { orderId, digest }))
  await at.db.close()
  return {
    orderId,
    async again() {
      await story.reset(before)
      rmSync(story.deps.spool, { recursive: true, force: true })
      return copyOf(at.url, clock)
    },
    close: () => at.close(),
  }
}

/** Of a database that nobody has open. */
async function copyOf(url: string, clock: FixedClock): Promise<TestDatabase> {
  if (url.startsWith('file:')) {
    const copy = `file:${join(freshFolder(), 'lethe.db')}`
    copyFileSync(url.slice('file:'.length), copy.slice('file:'.length))
    const db = openDatabase(copy, testKeys, clock)
    return { db, url: copy, close: () => db.close() }
  }
  const server = (await askFor('postgres')).url as string
  const fresh = await freshPostgres(server, freshName(), new URL(url).pathname.slice(1))
  const db = openDatabase(fresh.url, testKeys, clock)
  return {
    db,
    url: fresh.url,
    async close() {
      await db.close()
      await fresh.close()
    },
  }
}

/** What must be the same whatever happened on the way: the store, the order, its receipts, what is remembered, what was said. */
export async function endState(story: Story, { db }: Pick<TestDatabase, 'db'>, orderId: string) {
  const { digest: _, finishedAt: __, ...plan } = (await db.read((reader) => planOf(reader, orderId))) ?? {}
  const { steps, ...order } = { steps: [], ...plan }
  return {
    store: await story.dump(),
    order,
    steps: steps.map(({ triedAt: ___, ...step }) => step),
    faults: (await db.read(verifyLedger)).faults,
    spool: readdirSync(story.folder, { recursive: true })
      .map(String)
      .filter((name) => name.includes(orderId) && name.endsWith('.age'))
      .sort(),
    ...(await remembered(db, orderId)),
  }
}

async function remembered(db: Database, orderId: string) {
  return db.read(async (reader) => {
    const { batch, suppression, restricted, sharedLine } = tables(reader)
    const { erasure, erasedRows } = replayTables(reader)
    const { ledgerEntry } = ledgerTables(reader)
    const { job } = jobTables(reader)
    const { q } = reader
    return {
      batches: (await q.select().from(batch).orderBy(batch.seq, batch.rows))
        .map((row) => `${row.seq} ${row.status} ${row.done} ${row.skipped} of ${row.rows}`)
        .sort(),
      suppressed: (await q.select().from(suppression)).map((row) => row.hash).sort(),
      restricted: (await q.select().from(restricted)).map((row) => row.row).sort(),
      sharedLines: (await q.select().from(sharedLine)).length,
      erasures: (await q.select().from(erasure)).map((row) => [row.kind, row.identities, row.names]),
      erasedRows: (await q.select().from(erasedRows))
        .map((row) => JSON.stringify([row.collectionId, row.action, row.vias, row.marks, row.leads]))
        .sort(),
      said: (await q.select().from(ledgerEntry))
        .filter((entry) => entry.type?.startsWith('engine.'))
        .map((entry) => `${entry.type} ${JSON.stringify(entry.body)}`)
        .sort(),
      jobs: (await q.select().from(job)).map((row) => `${row.name} ${row.status} ${row.attempts}`).sort(),
      orders: orderId,
    }
  })
}
