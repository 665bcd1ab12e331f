import { asc, desc, eq, gt } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../src/base/actor.ts'
import { canonicalJson } from '../../src/base/json.ts'
import { append } from '../../src/ledger/append.ts'
import { contentText, entryKey, genesis, leafOf, linkHash } from '../../src/ledger/chain.ts'
import { type Checkpoint, checkpoint, readCheckpoint } from '../../src/ledger/checkpoint.ts'
import { forgetSubject } from '../../src/ledger/forget.ts'
import { readHead, writeHead } from '../../src/ledger/head.ts'
import { entries, listEntries } from '../../src/ledger/list.ts'
import { merkleRoot } from '../../src/ledger/merkle.ts'
import { openEntries } from '../../src/ledger/open-entries.ts'
import { publicKeys, rotateKey } from '../../src/ledger/signing.ts'
import { tables } from '../../src/ledger/tables.ts'
import { treeOf } from '../../src/ledger/tree.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { isConsistent, isIncluded } from '../../src/evidence/page/check.mjs'
import type { Tx } from '../../src/ops/db/database.ts'
import { newSalt, sha256 } from '../../src/ops/sealing.ts'
import { fixedClock, type FixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const actor: Actor = { kind: 'officer', id: 'ada' }
let at: TestDatabase
let clock: FixedClock

beforeEach(async () => {
  clock = fixedClock()
  at = await testDatabase(clock)
})
afterEach(() => at.close())

const write = (count: number, subject = 'thing:1') =>
  at.db.transact(async (tx) => {
    for (let n = 1; n <= count; n++)
      await append({ actor, tx }, { type: 'test.happened', subject, body: { n, b: { z: 1, a: [1, 'x'] } } })
  })
const sign = () => {
  clock.advance(60_000)
  return at.db.transact((tx) => checkpoint({ actor, tx }))
}
const verify = (known: readonly Checkpoint[] = []) => at.db.read((reader) => verifyLedger(reader, { known }))
const faults = async (known?: readonly Checkpoint[]) =>
  (await verify(known)).faults.map(({ seq, fault }) => `${fault} ${seq}`)
const tamper = (work: (tx: Tx, t: ReturnType<typeof tables>) => Promise<unknown>) =>
  at.db.transact((tx) => work(tx, tables(tx)))

describe('checkpoints', () => {
  it('verify, with the root of the tree over the leaves, each naming the one before', async () => {
    await write(3)
    const first = await sign()
    await write(4)
    const second = await sign()
    expect(await verify([first, second])).toMatchObject({ checkpoints: 2, uncovered: 0, faults: [] })
    const leaves = await at.db.read((reader) => {
      const { ledgerEntry } = tables(reader)
      return reader.q.select({ leaf: ledgerEntry.leaf }).from(ledgerEntry).orderBy(asc(ledgerEntry.seq))
    })
    const { root, size, previous } = readCheckpoint(second)
    expect([size, previous]).toEqual([leaves.length, sha256(first.text)])
    expect(root).toBe(merkleRoot(leaves.map((row) => row.leaf)))
  })

  it('are not made twice for the same entries, and not without the change they cover', async () => {
    await write(1)
    expect(await sign()).toEqual(await sign())
    await expect(
      at.db.transact(async (tx) => {
        await append({ actor, tx }, { type: 'test.happened', subject: 'thing:2' })
        await checkpoint({ actor, tx })
        throw new Error('the change failed')
      }),
    ).rejects.toThrow('the change failed')
    expect(await verify()).toMatchObject({ checkpoints: 1, uncovered: 0, faults: [] })
  })

  it('stay one line of history when many sign at once', async () => {
    await Promise.all(
      Array.from({ length: 12 }, () =>
        at.db.transact(async (tx) => {
          await append({ actor, tx }, { type: 'test.happened', subject: 'thing:2' })
          await checkpoint({ actor, tx })
        }),
      ),
    )
    expect(await verify()).toMatchObject({ checkpoints: 12, faults: [] })
  })

  it('do not go back in time where a clock does, or where a transaction waited for a later one', async () => {
    await write(1)
    const first = await sign()
    clock.advance(-7_200_000)
    await write(1)
    const second = await sign()
    await at.db.transact((tx) => rotateKey({ actor, tx }))
    const third = await sign()
    expect([second, third].map((one) => readCheckpoint(one).at)).toEqual(
      Array(2).fill(readCheckpoint(first).at),
    )
    expect(await verify([first, second, third])).toMatchObject({ checkpoints: 3, faults: [] })
  })

  it('prove entries and older sizes over many tiles of the tree, reading only kept nodes', async () => {
    await write(300)
    const first = await sign()
    await write(500)
    const last = await sign()
    const [old, now] = [readCheckpoint(first), readCheckpoint(last)]
    await at.db.read(async (reader) => {
      const { ledgerEntry } = tables(reader)
      const rows = await reader.q.select().from(ledgerEntry).orderBy(asc(ledgerEntry.seq))
      const tree = treeOf(reader, now.size)
      for (const seq of [1, 2, 255, 256, 257, 300, 301, 512, 513, 768, 769, now.size]) {
        const { leaf } = rows[seq - 1] as (typeof rows)[number]
        expect([seq, await isIncluded(leaf, seq - 1, now.size, await tree.inclusion(seq), now.root)]).toEqual(
          [seq, true],
        )
      }
      expect(
        await isConsistent(old.size, now.size, await tree.consistency(old.size), old.root, now.root),
      ).toBe(true)
    })
    expect(await verify([first, last])).toMatchObject({ faults: [] })
  })

  it('go on under a new key that the old one named, and the old one can sign no more', async () => {
    await write(2)
    const first = await sign()
    const { fingerprint } = await at.db.transact((tx) => rotateKey({ actor, tx }))
    const second = await sign()
    expect(readCheckpoint(second).key).toBe(fingerprint)
    const keys = await at.db.read(publicKeys)
    expect(keys.map((one) => one.key)).toEqual([readCheckpoint(first).key, fingerprint])
    expect(await verify([first, second])).toMatchObject({ faults: [] })
    const sealed = await at.db.read((reader) => {
      const { ledgerKey } = tables(reader)
      return reader.q.select().from(ledgerKey).orderBy(asc(ledgerKey.seq))
    })
    expect(sealed.map((row) => row.privateKey === null)).toEqual([true, false])
  })
})

describe('lethe ledger verify', () => {
  beforeEach(async () => {
    await write(5)
    await sign()
    await write(5, 'thing:2')
    await sign()
  })

  it('names an entry and its whole tail reckoned anew, because the checkpoint is signed', async () => {
    // Somebody with the service's key for salts and head, but not the one that signs.
    await tamper(async (tx, t) => {
      const salt = newSalt()
      const rows = await tx.q.select().from(t.ledgerEntry).orderBy(asc(t.ledgerEntry.seq))
      let [previous, before, nth] = [genesis, genesis, 0]
      for (const row of rows) {
        if (row.subject === null || row.at === null) throw new Error('a whole ledger expected')
        if (row.subject === 'ledger') {
          const hash = linkHash({ ...row, previous })
          await tx.q.update(t.ledgerEntry).set({ previous, hash }).where(eq(t.ledgerEntry.seq, row.seq))
          previous = hash
          continue
        }
        const content = { ...row, subject: 'thing:1', body: { n: 99 }, nth: ++nth, before } as const
        const text = contentText({ ...content, body: canonicalJson(content.body) } as never)
        const leaf = leafOf(entryKey(salt, row.seq), text)
        const hash = linkHash({ seq: row.seq, previous, leaf })
        await tx.q
          .update(t.ledgerEntry)
          .set({ ...content, leaf, previous, hash })
          .where(eq(t.ledgerEntry.seq, row.seq))
        ;[previous, before] = [hash, leaf]
      }
      await tx.q.update(t.ledgerSubject).set({ salt }).where(eq(t.ledgerSubject.subject, 'thing:1'))
      const head = await readHead(tx)
      await writeHead(tx, { ...head, hash: previous })
    })
    expect(await faults()).toEqual(['root 6'])
  })

  it('names the signature when the checkpoints were reckoned anew as well', async () => {
    await tamper(async (tx, t) => {
      const [row] = await tx.q.select().from(t.ledgerCheckpoint).orderBy(asc(t.ledgerCheckpoint.size))
      const text = canonicalJson({ ...readCheckpoint(row as Checkpoint), root: '0'.repeat(64) })
      await tx.q.update(t.ledgerCheckpoint).set({ text }).where(eq(t.ledgerCheckpoint.size, 6))
    })
    expect(await faults()).toEqual(['signature 6', 'root 6', 'checkpoint 11'])
  })

  it('names a signing key that somebody else put there', async () => {
    await tamper((tx, t) => tx.q.update(t.ledgerKey).set({ privateKey: 'of another service' }))
    expect(await faults()).toContain('key 0')
    const other = await testDatabase(fixedClock())
    await other.db.transact((tx) => checkpoint({ actor, tx }))
    const [forged] = await other.db.read((reader) => reader.q.select().from(tables(reader).ledgerKey))
    await other.close()
    await tamper((tx, t) =>
      tx.q
        .update(t.ledgerKey)
        .set({ publicKey: forged?.publicKey ?? '', signature: forged?.signature ?? '' }),
    )
    expect(await faults()).toContain('key 0')
  })

  it('names entries that were put in another order', async () => {
    await tamper(async (tx, t) => {
      const swap = async (from: number, to: number) =>
        tx.q.update(t.ledgerEntry).set({ seq: to }).where(eq(t.ledgerEntry.seq, from))
      await swap(3, 900)
      await swap(4, 3)
      await swap(900, 4)
    })
    const found = await faults()
    expect(found).toEqual(expect.arrayContaining(['changed 3', 'changed 4', 'root 6']))
  })

  it('names an old checkpoint in the place of a newer one, and newest ones that were removed', async () => {
    await tamper(async (tx, t) => {
      const [old] = await tx.q.select().from(t.ledgerCheckpoint).orderBy(asc(t.ledgerCheckpoint.size))
      await tx.q
        .update(t.ledgerCheckpoint)
        .set({ text: old?.text ?? '', signature: old?.signature ?? '' })
        .where(eq(t.ledgerCheckpoint.size, 11))
    })
    expect(await faults()).toContain('checkpoint 11')
    await tamper((tx, t) => tx.q.delete(t.ledgerCheckpoint).where(eq(t.ledgerCheckpoint.size, 11)))
    expect(await faults()).toEqual(['checkpoint 11'])
  })

  it('names a checkpoint that no head named', async () => {
    await tamper(async (tx, t) => {
      const [row] = await tx.q.select().from(t.ledgerCheckpoint).orderBy(desc(t.ledgerCheckpoint.size))
      if (row) await tx.q.insert(t.ledgerCheckpoint).values({ ...row, size: 40 })
    })
    expect(await faults()).toEqual(['checkpoint 40'])
  })

  it('sees all of it set back to an older state only with a checkpoint that somebody kept', async () => {
    const setBack = await at.db.read(async (reader) => {
      const t = tables(reader)
      return {
        head: await readHead(reader),
        subjects: await reader.q.select().from(t.ledgerSubject),
      }
    })
    await write(3)
    const kept = await sign()
    await tamper(async (tx, t) => {
      await tx.q.delete(t.ledgerEntry).where(gt(t.ledgerEntry.seq, 11))
      await tx.q.delete(t.ledgerCheckpoint).where(gt(t.ledgerCheckpoint.size, 11))
      await tx.q.delete(t.ledgerSubject)
      await tx.q.insert(t.ledgerSubject).values(setBack.subjects)
      await writeHead(tx, setBack.head)
    })
    expect(await faults()).toEqual([])
    expect(await faults([kept])).toEqual(['anchor 14'])
    // Written on from there, the two histories part.
    await write(3)
    await sign()
    expect(await faults([kept])).toEqual(['anchor 14'])
  })

  it('names a kept checkpoint of another ledger', async () => {
    const other = await testDatabase(clock)
    const foreign = await other.db.transact((tx) => checkpoint({ actor, tx }))
    await other.close()
    expect(await faults([foreign])).toEqual(['anchor 1'])
  })

  it('names an emptied ledger by the signing key that is left', async () => {
    await tamper(async (tx, t) => {
      for (const one of [t.ledgerEntry, t.ledgerSubject, t.ledgerHead, t.ledgerNode, t.ledgerCheckpoint])
        await tx.q.delete(one)
    })
    expect(await faults()).toEqual(['cut off 1'])
  })

  it('names checkpoints and keys of which nothing can be read', async () => {
    await tamper((tx, t) => tx.q.update(t.ledgerCheckpoint).set({ text: 'x' }))
    expect(await faults()).toContain('signature 11')
    await tamper((tx, t) => tx.q.update(t.ledgerKey).set({ statement: 'null' }))
    expect(await faults()).toContain('key 0')
  })

  it('names a node that would make false proofs', async () => {
    await write(300)
    await sign()
    await tamper((tx, t) => tx.q.update(t.ledgerNode).set({ hash: 'f'.repeat(64) }))
    expect(await faults()).toEqual(['tree 256'])
  })

  it('names an entry whose content was taken away without a word', async () => {
    await tamper((tx, t) =>
      tx.q
        .update(t.ledgerEntry)
        .set({ at: null, actorKind: null, actorId: null, type: null, subject: null, body: null })
        .where(eq(t.ledgerEntry.seq, 4)),
    )
    expect(await faults()).toEqual(['removed 4'])
  })

  it('names the entries of a subject whose salt was destroyed or replaced without a word', async () => {
    await tamper((tx, t) => tx.q.delete(t.ledgerSubject).where(eq(t.ledgerSubject.subject, 'thing:2')))
    expect(await faults()).toEqual([7, 8, 9, 10, 11].map((seq) => `removed ${seq}`))
    await tamper((tx, t) =>
      tx.q.insert(t.ledgerSubject).values({ subject: 'thing:2', salt: newSalt(), entries: 5, last: genesis }),
    )
    expect(await faults()).toEqual([7, 8, 9, 10, 11].map((seq) => `changed ${seq}`))
  })
})

describe('a subject that is forgotten', () => {
  it('leaves nothing that ties its entries to it, and everything verifies as before', async () => {
    await write(3, 'request:R-AAAA-AAAA')
    await write(2, 'thing:2')
    const before = await sign()
    const opened = await at.db.read((reader) => openEntries(reader, 'request:R-AAAA-AAAA'))
    const leaves = await at.db.read((reader) => {
      const { ledgerEntry } = tables(reader)
      return reader.q.select({ leaf: ledgerEntry.leaf }).from(ledgerEntry).orderBy(asc(ledgerEntry.seq))
    })
    const done = await at.db.transact((tx) =>
      forgetSubject({ actor, tx }, { subject: 'request:R-AAAA-AAAA' }),
    )
    expect(done).toEqual({ entries: 3 })
    expect(await verify([before])).toMatchObject({ forgotten: 3, faults: [], uncovered: 0 })
    await at.db.read(async (reader) => {
      const t = tables(reader)
      const all = [await reader.q.select().from(t.ledgerEntry), await reader.q.select().from(t.ledgerSubject)]
      expect(JSON.stringify(all)).not.toMatch(/R-AAAA-AAAA/)
      const rows = await reader.q.select().from(t.ledgerEntry).orderBy(asc(t.ledgerEntry.seq))
      for (const { seq, key } of opened) {
        const row = rows[seq - 1]
        const kept = Object.entries(row ?? {}).filter(([, value]) => value !== null)
        expect(kept.map(([name]) => name).sort()).toEqual(['hash', 'leaf', 'previous', 'seq'])
        expect(row?.leaf).toBe(leaves[seq - 1]?.leaf)
        expect(JSON.stringify(row)).not.toContain(key)
      }
      // Entry and tree are still proved, by the leaf alone and by what was handed out before.
      const now = readCheckpoint(before)
      const tree = treeOf(reader, now.size)
      for (const { seq, key, content } of opened) {
        const holds = isIncluded(leafOf(key, content), seq - 1, now.size, await tree.inclusion(seq), now.root)
        expect([seq, await holds]).toEqual([seq, true])
      }
      await expect(openEntries(reader, 'request:R-AAAA-AAAA')).rejects.toMatchObject({ code: 'not_found' })
      const listed = await listEntries(reader, { limit: 100 })
      expect(listed.map((one) => one.subject)).not.toContain('request:R-AAAA-AAAA')
      const told = []
      for await (const one of entries(reader)) told.push(one.type)
      expect(told.at(-1)).toBe('ledger.forgotten')
    })
  })

  it('cannot be guessed back: the right content under any other key has another leaf', async () => {
    await write(1, 'request:R-AAAA-AAAA')
    const [entry] = await at.db.read((reader) => openEntries(reader, 'request:R-AAAA-AAAA'))
    if (!entry) throw new Error('an entry expected')
    const leaf = leafOf(entry.key, entry.content)
    await at.db.transact((tx) => forgetSubject({ actor, tx }, { subject: 'request:R-AAAA-AAAA' }))
    await write(1, 'request:R-AAAA-AAAA')
    const [again] = await at.db.read((reader) => openEntries(reader, 'request:R-AAAA-AAAA'))
    expect(leafOf(again?.key ?? '', entry.content)).not.toBe(leaf)
    expect(leafOf(entryKey(newSalt(), entry.seq), entry.content)).not.toBe(leaf)
    expect(await verify()).toMatchObject({ forgotten: 1, faults: [] })
  })

  it('is not filled again with other words: what stands in its place is named', async () => {
    await write(3, 'request:R-AAAA-AAAA')
    await at.db.transact((tx) => forgetSubject({ actor, tx }, { subject: 'request:R-AAAA-AAAA' }))
    const words = {
      at: clock.now(),
      actorKind: 'officer',
      actorId: 'ada',
      type: 'request.answered',
      body: {},
    }
    const fill = (content: object) =>
      tamper((tx, t) => tx.q.update(t.ledgerEntry).set(content).where(eq(t.ledgerEntry.seq, 3)))
    const nothing = { at: null, actorKind: null, actorId: null, type: null, body: null, subject: null }
    for (const content of [{ ...words, subject: 'request:R-BBBB-BBBB' }, words, { actorId: 'ada' }]) {
      await fill({ ...nothing, ...content })
      expect(await faults()).toEqual(['changed 3'])
    }
    await fill(nothing)
    expect(await faults()).toEqual([])
  })

  it('is none of the ledger itself, and none that it never spoke of', async () => {
    await write(1)
    const forget = (subject: string) => at.db.transact((tx) => forgetSubject({ actor, tx }, { subject }))
    await expect(forget('ledger')).rejects.toMatchObject({ code: 'refused' })
    await expect(forget('thing:9')).rejects.toMatchObject({ code: 'not_found' })
  })
})
