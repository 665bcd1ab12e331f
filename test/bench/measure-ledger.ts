import { hash } from 'node:crypto'
import { join } from 'node:path'
import { system } from '../../src/base/actor.ts'
import { systemClock } from '../../src/base/clock.ts'
import { append } from '../../src/ledger/append.ts'
import { contentText } from '../../src/ledger/chain.ts'
import { checkpoint } from '../../src/ledger/checkpoint.ts'
import { rawEntries } from '../../src/ledger/raw.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { migrate } from '../../src/ops/db/migrate.ts'
import { openDatabase } from '../../src/ops/db/open.ts'
import { keysFrom } from '../../src/ops/sealing.ts'
import { type Figures, ofThree, type Order, timed } from './figures.ts'

const count = 30_000
const actor = system('bench')

/** `ledger verify` beside reading the same entries and one SHA-256 over each, and beside that SHA-256 alone in memory. */
export async function measureLedger({ work }: Order): Promise<Figures> {
  const db = openDatabase(
    `file:${join(work, 'ledger.db')}`,
    keysFrom(new Uint8Array(32).fill(1)),
    systemClock,
  )
  await migrate(db, join(import.meta.dirname, '../../migrations'))
  const { ms, cpuMs } = await timed(async () => {
    for (let at = 0; at < count; at += 1000)
      await db.transact(async (tx) => {
        for (let n = 0; n < 1000; n++) await append({ actor, tx }, entry(at + n))
        await checkpoint({ actor, tx })
      })
  })
  const texts: string[] = []
  await db.read(async (reader) => {
    for await (const page of rawEntries(reader, { after: 0, upTo: count }))
      for (const one of page) if (one.subject !== null) texts.push(contentText(one))
  })
  const verify = async () => {
    const { faults } = await db.read((reader) => verifyLedger(reader))
    if (faults.length > 0) throw new Error(faults[0]?.message)
  }
  await verify()
  const verified = await ofThree(verify)
  const read = await ofThree(() =>
    db.read(async (reader) => {
      for await (const page of rawEntries(reader, { after: 0, upTo: count }))
        for (const one of page) if (one.subject !== null) hash('sha256', contentText(one))
    }),
  )
  const hashed = await ofThree(() => {
    for (const text of texts) hash('sha256', text)
  })
  await db.close()
  return { entries: count, bytes: texts.join('').length, appended: { ms, cpuMs }, verified, read, hashed }
}

const entry = (n: number) => ({
  type: 'engine.batch',
  subject: `request:R-${Math.floor(n / 40)}`,
  body: { order: '01J9', in: 'tickets.tickets', action: 'erase', rows: 500, done: 500, keys: 'a'.repeat(64) },
})
