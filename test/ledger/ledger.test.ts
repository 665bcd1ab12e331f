import { asc, eq, gt } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../src/base/actor.ts'
import { append } from '../../src/ledger/append.ts'
import { linkHash } from '../../src/ledger/chain.ts'
import { tables } from '../../src/ledger/tables.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import type { Tx } from '../../src/ops/db/database.ts'
import { fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const actor: Actor = { kind: 'officer', id: 'ada' }
let at: TestDatabase

beforeEach(async () => {
  at = await testDatabase(fixedClock())
})
afterEach(() => at.close())

const write = (n: number) =>
  at.db.transact((tx) =>
    append({ actor, tx }, { type: 'test.happened', subject: `thing:${n}`, body: { n, list: [1, 'two'] } }),
  )
const verify = () => at.db.read(verifyLedger)
const tamper = (work: (tx: Tx, t: ReturnType<typeof tables>) => Promise<unknown>) =>
  at.db.transact((tx) => work(tx, tables(tx)))

async function fill(count: number) {
  for (let n = 1; n <= count; n++) await write(n)
}

describe('the ledger', () => {
  it('verifies as written', async () => {
    await fill(5)
    expect(await verify()).toMatchObject({ entries: 5, faults: [] })
  })

  it('is empty and whole before the first entry', async () => {
    expect(await verify()).toMatchObject({ entries: 0, faults: [] })
  })

  it('keeps one chain when many write at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => write(n)))
    expect(await verify()).toMatchObject({ entries: 20, faults: [] })
  })

  it('verifies while others write', async () => {
    let writing = true
    const writers = Promise.all(Array.from({ length: 150 }, (_, n) => write(n))).finally(() => {
      writing = false
    })
    while (writing) expect((await verify()).faults).toEqual([])
    await writers
    expect(await verify()).toMatchObject({ entries: 150, faults: [] })
  })

  it('loses the entry when its change is rolled back', async () => {
    await fill(1)
    await expect(
      at.db.transact(async (tx) => {
        await append({ actor, tx }, { type: 'test.happened', subject: 'thing:2' })
        throw new Error('the change failed')
      }),
    ).rejects.toThrow('the change failed')
    expect(await verify()).toMatchObject({ entries: 1, faults: [] })
  })

  it('names an entry whose body was changed', async () => {
    await fill(4)
    await tamper((tx, t) =>
      tx.q
        .update(t.ledgerEntry)
        .set({ body: { n: 99 } })
        .where(eq(t.ledgerEntry.seq, 2)),
    )
    expect((await verify()).faults).toEqual([expect.objectContaining({ seq: 2, fault: 'changed' })])
  })

  it('names an entry whose actor was changed', async () => {
    await fill(3)
    await tamper((tx, t) =>
      tx.q.update(t.ledgerEntry).set({ actorId: 'mallory' }).where(eq(t.ledgerEntry.seq, 3)),
    )
    expect((await verify()).faults).toEqual([expect.objectContaining({ seq: 3, fault: 'changed' })])
  })

  it('names an entry that was removed', async () => {
    await fill(4)
    await tamper((tx, t) => tx.q.delete(t.ledgerEntry).where(eq(t.ledgerEntry.seq, 2)))
    expect((await verify()).faults).toEqual([expect.objectContaining({ seq: 2, fault: 'missing' })])
  })

  it('names an end that was cut off', async () => {
    await fill(4)
    await tamper((tx, t) => tx.q.delete(t.ledgerEntry).where(gt(t.ledgerEntry.seq, 2)))
    expect((await verify()).faults).toContainEqual(expect.objectContaining({ seq: 3, fault: 'cut off' }))
  })

  it('names a cut-off end even when the head was set back with it', async () => {
    await fill(4)
    await tamper(async (tx, t) => {
      await tx.q.delete(t.ledgerEntry).where(gt(t.ledgerEntry.seq, 2))
      const [last] = await tx.q.select().from(t.ledgerEntry).where(eq(t.ledgerEntry.seq, 2))
      await tx.q.update(t.ledgerHead).set({ seq: 2, hash: last?.hash ?? '' })
    })
    expect((await verify()).faults).toContainEqual(expect.objectContaining({ fault: 'head' }))
  })

  it('names an entry that was put in between, hashes reckoned anew or not', async () => {
    await fill(3)
    await tamper(async (tx, t) => {
      const rows = await tx.q.select().from(t.ledgerEntry).orderBy(asc(t.ledgerEntry.seq))
      const [, second, third] = rows
      if (!second || !third) throw new Error('three entries expected')
      await tx.q.update(t.ledgerEntry).set({ seq: 4 }).where(eq(t.ledgerEntry.seq, 3))
      const forged = { ...third, seq: 3, type: 'test.forged', previous: second.hash }
      await tx.q.insert(t.ledgerEntry).values({ ...forged, hash: linkHash(forged) })
    })
    const { faults } = await verify()
    expect(faults).toContainEqual(expect.objectContaining({ seq: 4 }))
    expect(faults).toContainEqual(expect.objectContaining({ fault: 'head' }))
  })
})
