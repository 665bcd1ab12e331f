import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keyPart, partValue } from '../../src/stores/keys.ts'
import type { Store, StoreWriter, Value } from '../../src/stores/port.ts'
import { collect, failure, type Ground, row, type StoreKindUnderTest } from './store.ts'

/** What real schemas do to naive tools, and what every kind of store does about it. The numbers are those of the list of traps. */
export function storeTraps(kind: StoreKindUnderTest): void {
  describe.skipIf(kind.missing)(
    `traps of kind ${kind.title}${kind.missing ? ` (${kind.missing})` : ''}`,
    () => {
      let ground: Ground
      let store: Store
      beforeEach(async () => {
        ground = await kind.make()
        store = ground.store
      })
      afterEach(() => ground.close())
      const app = async (...statements: string[]) => {
        for (const sql of statements) await ground.app(sql)
      }
      const writing = <T>(work: (writer: StoreWriter) => Promise<T>) => store.writing(work)
      const all = (table: string, ...columns: string[]) =>
        store.reading((reader) => collect(reader, { table, columns, key: [columns[0] as string] }))

      test('declares what it can do, in positive words', () => {
        expect(store.capabilities).toMatchObject({
          canFindBy: ['email', 'phone', 'id', 'text'],
          canErase: true,
          canTransact: true,
          canCompareAndSet: true,
          canRehearse: true,
          canScan: true,
        })
      })

      describe('a rehearsal', () => {
        test('answers what the writer did, sees its own changes, and keeps nothing', async () => {
          await app(
            'CREATE TABLE t (id int PRIMARY KEY, v varchar(9))',
            "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
          )
          const seen = await store.rehearse(async (w) => {
            expect(await w.remove({ table: 't', key: ['id'], keys: [['1']] })).toBe(1)
            expect(await w.overwrite({ table: 't', key: ['id'], keys: [['2']], set: { v: 'x' } })).toBe(1)
            return collect(w, { table: 't', columns: ['id', 'v'], key: ['id'] })
          })
          expect(seen).toEqual([row({ id: '2', v: 'x' })])
          expect(await all('t', 'id', 'v')).toEqual([row({ id: '1', v: 'a' }), row({ id: '2', v: 'b' })])
          // The connection is good for the next.
          await writing((w) => w.remove({ table: 't', key: ['id'], keys: [['1']] }))
          expect(await all('t', 'id')).toEqual([row({ id: '2' })])
        })

        test('is refused what the run would be refused', async () => {
          await app(
            'CREATE TABLE p (id int PRIMARY KEY)',
            'CREATE TABLE c (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p (id))',
            'INSERT INTO p VALUES (1)',
            'INSERT INTO c VALUES (1, 1)',
          )
          const refused = await failure(
            store.rehearse((w) => w.remove({ table: 'p', key: ['id'], keys: [['1']] })),
          )
          expect(refused).toMatchObject({ failure: 'constraint', permanent: true })
        })
      })

      test('14: rows without any key are named by all of them; the same ones go together and are counted', async () => {
        await app(
          'CREATE TABLE log (line varchar(20), n bigint)',
          "INSERT INTO log VALUES ('a', 1), ('a', 1), ('A', 1), ('a ', 1), ('á', 1), ('a', NULL), (NULL, NULL), (NULL, NULL)",
        )
        const key = ['line', 'n']
        const left = async () =>
          (await store.reading((r) => collect(r, { table: 'log', columns: key, key: [] }))).length
        const lines = (keys: Value[][]) =>
          store
            .reading((r) => collect(r, { table: 'log', columns: ['line'], key, keys }))
            .then((rows) => rows.map((x) => x['line']))
        expect(await lines([['a', '1']])).toEqual(['a', 'a'])
        expect(
          await lines([
            ['a', '\0n'],
            ['A', '1'],
          ]).then((found) => found.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))),
        ).toEqual(['A', 'a'])
        expect(
          await writing((w) =>
            w.rewrite({ table: 'log', key, changes: [{ key: ['a', '1'], set: { line: 'x' } }] }),
          ),
        ).toBe(2)
        expect(
          await writing((w) => w.overwrite({ table: 'log', key, keys: [['á', '1']], set: { n: '9' } })),
        ).toBe(1)
        expect(
          await writing((w) =>
            w.remove({
              table: 'log',
              key,
              keys: [
                ['x', '1'],
                ['\0n', '\0n'],
              ],
            }),
          ),
        ).toBe(4)
        expect(await left()).toBe(4)
        expect(await writing((w) => w.remove({ table: 'log', key, keys: [['a ', '1']] }))).toBe(1)
        expect(await left()).toBe(3)
      })

      test('14: keys of bytes travel as text and find their row, and no text that looks like them', async () => {
        await app(
          `CREATE TABLE b (id ${kind.title === 'mysql' ? 'varbinary(9)' : kind.types.bytes} NOT NULL PRIMARY KEY, n int)`,
          `INSERT INTO b VALUES (${kind.hex('00ff')}, 1), (${kind.hex('00fe')}, 2)`,
        )
        const [first] = await all('b', 'id', 'n')
        const part = keyPart(first?.['id'])
        expect(partValue(part)).toEqual(first?.['id'])
        expect(partValue(keyPart('\0x41'))).toBe('\0x41')
        expect(await writing((w) => w.remove({ table: 'b', key: ['id'], keys: [[part]] }))).toBe(1)
        expect(await all('b', 'n')).toEqual([row({ n: first?.['n'] === '1' ? '2' : '1' })])
      })

      test('16: the number 0 in a column of text finds the text 0 and nothing else', async () => {
        await app(
          'CREATE TABLE t (id int PRIMARY KEY, code varchar(9))',
          "INSERT INTO t VALUES (1, 'abc'), (2, '0'), (3, '')",
        )
        const found = await store.reading((r) =>
          collect(r, {
            table: 't',
            columns: ['id'],
            key: ['id'],
            match: { column: 'code', how: 'exact', values: ['0'] },
          }),
        )
        expect(found).toEqual([row({ id: '2' })])
        expect(await writing((w) => w.remove({ table: 't', key: ['code'], keys: [['0']] }))).toBe(1)
      })

      test('17: a number beyond 2^53 is found, changed and removed by its own digits', async () => {
        await app(
          'CREATE TABLE t (id bigint PRIMARY KEY, v int)',
          'INSERT INTO t VALUES (9007199254740993, 1), (9007199254740992, 2)',
        )
        const keys = [['9007199254740993']]
        expect(await writing((w) => w.overwrite({ table: 't', key: ['id'], keys, set: { v: '7' } }))).toBe(1)
        expect(
          await writing((w) =>
            w.remove({ table: 't', key: ['id'], keys, where: [{ column: 'v', is: ['7'] }] }),
          ),
        ).toBe(1)
        expect(await all('t', 'id')).toEqual([row({ id: '9007199254740992' })])
      })

      test('34: a row that changed since it was looked at is left alone (compare and set)', async () => {
        await app('CREATE TABLE t (id int PRIMARY KEY, v varchar(9))', "INSERT INTO t VALUES (1, 'a')")
        const where = [{ column: 'v', is: ['a'] }]
        await app("UPDATE t SET v = 'b'")
        const target = { table: 't', key: ['id'], keys: [['1']], where }
        expect(await writing((w) => w.overwrite({ ...target, set: { v: 'x' } }))).toBe(0)
        expect(await writing((w) => w.remove(target))).toBe(0)
        expect(await all('t', 'v')).toEqual([row({ v: 'b' })])
      })

      test('21: NULL and text that is too long are refused, never cut or made empty', async () => {
        await app(
          'CREATE TABLE t (id int PRIMARY KEY, v varchar(5) NOT NULL, m varchar(5))',
          "INSERT INTO t VALUES (1, 'a', 'b')",
        )
        const set = (values: Record<string, Value>) =>
          failure(writing((w) => w.overwrite({ table: 't', key: ['id'], keys: [['1']], set: values })))
        expect((await set({ v: null })).failure).toBe('constraint')
        // SQLite keeps no length that a type declares.
        if (kind.title === 'sqlite') return
        expect((await set({ m: '[erased]' })).failure).toBe('constraint')
        expect(await all('t', 'v', 'm')).toEqual([row({ v: 'a', m: 'b' })])
      })

      test('22: rows that point at each other in one table go in one statement', async () => {
        await app(
          'CREATE TABLE t (id int PRIMARY KEY, boss int, FOREIGN KEY (boss) REFERENCES t (id))',
          'INSERT INTO t VALUES (1, NULL), (2, 1), (3, 2), (4, 1)',
        )
        expect(
          await writing((w) => w.remove({ table: 't', key: ['id'], keys: [['1'], ['2'], ['3'], ['4']] })),
        ).toBe(4)
      })

      test('26, 28: what the store makes itself is not written, and a rule is asked before a run', async () => {
        await app("CREATE TABLE t (id int PRIMARY KEY, v varchar(9), CONSTRAINT ruled CHECK (v <> 'gone'))")
        const allows = (v: Value) =>
          store.reading((r) => r.allows({ table: 't', check: 'ruled', values: { v } }))
        expect([await allows('gone'), await allows('kept'), await allows(null)]).toEqual([false, true, null])
      })

      test('36: a deadlock ends one of the two, who may try again', async ({ skip }) => {
        if (kind.title === 'sqlite') return skip('SQLite has one writer at a time, and no deadlock')
        await app('CREATE TABLE t (id int PRIMARY KEY, v int)', 'INSERT INTO t VALUES (1, 0), (2, 0)')
        const gate = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
        const crossing = (first: 0 | 1) =>
          writing(async (w) => {
            const touch = (id: number) =>
              w.overwrite({ table: 't', key: ['id'], keys: [[`${id}`]], set: { v: `${first + 1}` } })
            await touch(first + 1)
            gate[first].resolve()
            await gate[(1 - first) as 0 | 1].promise
            await touch(2 - first)
          })
        const ended = await Promise.allSettled([crossing(0), crossing(1)])
        const [lost] = ended.filter((one) => one.status === 'rejected')
        expect(ended.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
        expect(lost?.reason).toMatchObject({ failure: 'busy', permanent: false })
      })
    },
  )
}
