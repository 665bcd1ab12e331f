import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from '../../src/ops/db/migrate.ts'
import { enqueue } from '../../src/ops/jobs/enqueue.ts'
import { tables } from '../../src/ops/jobs/tables.ts'
import { migrations, type TestDatabase, testDatabase } from '../support/database.ts'

let at: TestDatabase
beforeEach(async () => {
  at = await testDatabase()
})
afterEach(() => at.close())

const jobs = () => at.db.read((reader) => reader.q.select().from(tables(reader).job))

describe('a transaction', () => {
  it('keeps nothing when its body fails after a wait', async () => {
    await expect(
      at.db.transact(async (tx) => {
        await enqueue(tx, { name: 'x', key: '1', input: {} })
        await new Promise((resolve) => setImmediate(resolve))
        throw new Error('late')
      }),
    ).rejects.toThrow('late')
    expect(await jobs()).toEqual([])
  })

  it('inside a transaction is refused instead of waiting for itself for ever', async () => {
    await expect(at.db.transact(() => at.db.transact(async () => 1))).rejects.toThrow('inside a transaction')
  })

  it('wakes nobody after a rollback', async () => {
    let woken = 0
    await expect(
      at.db.transact(async (tx) => {
        tx.afterCommit(() => woken++)
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    await at.db.transact(async (tx) => tx.afterCommit(() => woken++))
    expect(woken).toBe(1)
  })

  it('lets others wait their turn and loses none', async () => {
    await Promise.all(
      Array.from({ length: 25 }, (_, n) =>
        at.db.transact((tx) => enqueue(tx, { name: 'x', key: String(n), input: {} })),
      ),
    )
    expect(await jobs()).toHaveLength(25)
  })
})

describe('a reader', () => {
  it('is refused a write by the database, not only by its type', async () => {
    await expect(
      at.db.read(async (reader) => {
        const q = reader.q as unknown as { delete(table: unknown): Promise<unknown> }
        await q.delete(tables(reader).job)
      }),
    ).rejects.toThrow()
  })
})

describe('the migrator', () => {
  it('does nothing the second time', async () => {
    expect((await migrate(at.db, migrations)).applied).toEqual([])
  })

  it('makes the same rows readable from either dialect: instants, flags, JSON, sealed text', async () => {
    await at.db.transact((tx) => enqueue(tx, { name: 'x', key: '1', input: { deep: ['æøå', null, 1.5] } }))
    const [job] = await jobs()
    expect(job?.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(job?.input).toEqual({ deep: ['æøå', null, 1.5] })
  })
})
