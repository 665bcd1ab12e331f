import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isStoreError, type StoreError } from '../../src/stores/errors.ts'
import type {
  Row,
  RowQuery,
  Store,
  StoreFailure,
  StoreReader,
  StoreWriter,
  Value,
} from '../../src/stores/port.ts'

/** A fresh store of a kind, and the application's own way in. */
export interface Ground {
  readonly store: Store
  /** A statement of the application's, outside every transaction of ours. */
  app(sql: string): Promise<void>
  /** Ends the connections of `store` from the server's side; absent where there is no server. */
  readonly cut?: () => Promise<void>
  close(): Promise<void>
}

/** How a kind spells what the suite needs. */
export interface StoreKindUnderTest {
  readonly title: string
  readonly missing: string | undefined
  make(): Promise<Ground>
  readonly types: Readonly<Record<'text' | 'bytes' | 'bool' | 'moment' | 'decimal' | 'double', string>>
  readonly quote: (name: string) => string
  /** A hexadecimal literal of bytes. */
  readonly hex: (digits: string) => string
  /** A moment of the `moment` type as the store spells it. */
  readonly moment: (day: string) => string
}

export function storeContract(kind: StoreKindUnderTest): void {
  describe.skipIf(kind.missing)(
    `a store of kind ${kind.title}${kind.missing ? ` (${kind.missing})` : ''}`,
    () => {
      let ground: Ground
      let store: Store
      beforeEach(async () => {
        ground = await kind.make()
        store = ground.store
      })
      afterEach(() => ground.close())

      const people = async (...names: string[]) => {
        await ground.app(
          `CREATE TABLE person (id bigint PRIMARY KEY, name varchar(40), email varchar(80), phone varchar(40))`,
        )
        for (const [i, name] of names.entries())
          await ground.app(
            `INSERT INTO person VALUES (${i + 1}, '${name.replaceAll("'", "''")}', NULL, NULL)`,
          )
      }
      const all = (query: Partial<RowQuery> & Pick<RowQuery, 'table' | 'columns'>) =>
        store.reading((reader) => collect(reader, { key: ['id'], ...query }))
      const ids = async (query: Partial<RowQuery>) =>
        (await all({ table: 'person', columns: ['id'], ...query })).map((row) => row['id'])
      const writing = <T>(work: (writer: StoreWriter) => Promise<T>) => store.writing(work)

      describe('reads', () => {
        test('pages in key order, each row once, whatever the size of a page', async () => {
          await people('a', 'b', 'c', 'd', 'e')
          for (const pageSize of [1, 2, 3, 5, 100]) {
            const pages: Value[][] = []
            await store.reading(async (reader) => {
              for await (const page of reader.rows({
                table: 'person',
                columns: ['name'],
                key: ['id'],
                pageSize,
              }))
                pages.push(page.map((row) => row['name'] ?? null))
            })
            expect(pages.flat()).toEqual(['a', 'b', 'c', 'd', 'e'])
            expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(pageSize)
          }
        })

        test('goes on after a key and stops at a limit', async () => {
          await people('a', 'b', 'c', 'd', 'e')
          expect(await ids({ after: ['2'], limit: 2, pageSize: 1 })).toEqual(['3', '4'])
          expect(await ids({ after: ['5'] })).toEqual([])
          expect(await ids({ limit: 0 })).toEqual([])
        })

        test('whole numbers beyond 2^53, decimals and reals keep every digit', async () => {
          await ground.app(
            `CREATE TABLE n (id bigint PRIMARY KEY, d ${kind.types.decimal}, r ${kind.types.double})`,
          )
          await ground.app(
            `INSERT INTO n VALUES (9007199254740993, 12345678901234.56, 0.1), (-9007199254740993, -0.05, 1e300)`,
          )
          const rows = await all({ table: 'n', columns: ['id', 'd', 'r'] })
          expect(rows.map((row) => row['id'])).toEqual(['-9007199254740993', '9007199254740993'])
          expect(rows[1]?.['d']).toBe('12345678901234.56')
          expect(Number(rows[0]?.['d'])).toBe(-0.05)
          expect(rows[1]?.['r']).toBe('0.1')
          expect(Number(rows[0]?.['r'])).toBe(1e300)
          expect((await all({ table: 'n', columns: ['id'], keys: [['9007199254740993']] })).length).toBe(1)
          expect((await all({ table: 'n', columns: ['id'], keys: [['9007199254740992']] })).length).toBe(0)
          expect(
            (
              await all({
                table: 'n',
                columns: ['id'],
                match: { column: 'd', how: 'exact', values: ['12345678901234.56'] },
              })
            ).length,
          ).toBe(1)
        })

        test('booleans are true and false, bytes are bytes, text is text', async () => {
          await ground.app(
            `CREATE TABLE v (id bigint PRIMARY KEY, b ${kind.types.bool}, y ${kind.types.bytes}, t ${kind.types.text}, m ${kind.types.moment})`,
          )
          await ground.app(
            `INSERT INTO v VALUES (1, true, ${kind.hex('00ff0a27')}, 'Ørsted ''quoted'' "x" 𝔘 \t', '${kind.moment('2026-03-29')}'), (2, false, NULL, NULL, NULL)`,
          )
          const [first, second] = await all({ table: 'v', columns: ['b', 'y', 't', 'm'] })
          expect(first).toEqual(
            row({
              b: 'true',
              y: new Uint8Array([0, 255, 10, 39]),
              t: `Ørsted 'quoted' "x" 𝔘 \t`,
              m: kind.moment('2026-03-29'),
            }),
          )
          expect(second).toEqual(row({ b: 'false', y: null, t: null, m: null }))
          for (const word of ['true', '1'])
            expect(
              (await all({ table: 'v', columns: ['id'], where: [{ column: 'b', is: [word] }] })).length,
            ).toBe(1)
          expect(
            (
              await all({
                table: 'v',
                columns: ['id'],
                where: [{ column: 'y', is: [new Uint8Array([0, 255, 10, 39])] }],
              })
            ).length,
          ).toBe(1)
        })

        test('a value of the wrong type finds nothing instead of everything', async () => {
          await people('abc', '0', 'x')
          for (const value of ['abc', '', ' 1 ', '1e0x', '1 OR 1=1', '99999999999999999999', '１'])
            expect(await ids({ where: [{ column: 'id', is: [value] }] })).toEqual([])
          expect(await ids({ where: [{ column: 'name', is: ['0'] }] })).toEqual(['2'])
          expect(await ids({ match: { column: 'id', how: 'exact', values: ['abc'] } })).toEqual([])
          expect(await ids({ keys: [['abc'], ["1' OR '1'='1"]] })).toEqual([])
        })

        test('hostile values are values', async () => {
          const hostile = [
            "Robert'); DROP TABLE person;--",
            'back\\slash',
            '100%_sure!',
            '$1 ? :x @y',
            '"double" `tick`',
            'zero​width',
          ]
          await people('nobody')
          for (const [i, name] of hostile.entries())
            await writing((w) =>
              w.insertOnce({ table: 'person', key: ['id'], row: { id: `${i + 10}`, name } }),
            )
          for (const [i, name] of hostile.entries()) {
            expect(await ids({ where: [{ column: 'name', is: [name] }] })).toEqual([`${i + 10}`])
            expect(await ids({ match: { column: 'name', how: 'contains', values: [name] } })).toEqual([
              `${i + 10}`,
            ])
          }
        })

        test('filters: several values, NULL, none of them, an empty list', async () => {
          await people('a', 'b', 'c')
          await ground.app("UPDATE person SET email = 'x' WHERE id = 1")
          await ground.app("UPDATE person SET email = '' WHERE id = 2")
          const by = (is: Value[], not = false) => ids({ where: [{ column: 'email', is, not }] })
          expect(await by(['x'])).toEqual(['1'])
          expect(await by([''])).toEqual(['2'])
          expect(await by([null])).toEqual(['3'])
          expect(await by(['x', null])).toEqual(['1', '3'])
          expect(await by([])).toEqual([])
          expect(await by(['x'], true)).toEqual(['2', '3'])
          expect(await by([null], true)).toEqual(['1', '2'])
          expect(await by(['x', null], true)).toEqual(['2'])
          expect(await by([], true)).toEqual(['1', '2', '3'])
          expect(
            await ids({
              where: [
                { column: 'name', is: ['a', 'b'] },
                { column: 'email', is: ['x'], not: true },
              ],
            }),
          ).toEqual(['2'])
        })

        test('e-mail candidates: every letter case, the other scripts too', async () => {
          await people('1', '2', '3', '4', '5', '6')
          const emails = [
            'Ann@Example.org',
            'ann@example.org',
            'ÅNGSTRÖM@EXAMPLE.ORG',
            'joann@example.org',
            'a%n@example.org',
            'kim@müller.example',
          ]
          for (const [i, email] of emails.entries())
            await ground.app(`UPDATE person SET email = '${email}' WHERE id = ${i + 1}`)
          const by = (...values: string[]) => ids({ match: { column: 'email', how: 'email', values } })
          expect(await by('ann@EXAMPLE.org')).toEqual(['1', '2'])
          expect(await by('ångström@example.org')).toContain('3')
          expect(await by('a%n@example.org')).toEqual(['5'])
          expect(await by('kim@xn--mller-kva.example')).toEqual(['6'])
          expect(await by('nobody@example.org')).toEqual([])
          expect(await by('ann@example.org', 'JOANN@example.org')).toEqual(['1', '2', '4'])
          expect(await by()).toEqual([])
        })

        test('an accent is at most a candidate, and an accent-different spelling never hides the right one', async () => {
          await people('x', 'y')
          await ground.app(`UPDATE person SET email = 'ann@x.org' WHERE id = 1`)
          await ground.app(`UPDATE person SET email = 'ánn@x.org' WHERE id = 2`)
          expect(await ids({ match: { column: 'email', how: 'email', values: ['ann@x.org'] } })).toContain(
            '1',
          )
          expect(await ids({ match: { column: 'email', how: 'email', values: ['ÁNN@x.org'] } })).toContain(
            '2',
          )
        })

        test('phone candidates: any separators, any prefix', async () => {
          const spelled = [
            '+31 20 123 45 67',
            '(020) 123-4567',
            '0031201234567',
            '020.1234567 x12',
            '020/12 34 567',
            '+31201234568',
            '101',
          ]
          await people(...spelled.map((_, i) => `${i}`))
          for (const [i, phone] of spelled.entries())
            await ground.app(`UPDATE person SET phone = '${phone}' WHERE id = ${i + 1}`)
          const by = (...values: string[]) => ids({ match: { column: 'phone', how: 'phone', values } })
          expect(await by('+31201234567')).toEqual(['1', '2', '3', '4', '5'])
          expect(await by('+31201234567;ext=12')).toEqual(['1', '2', '3', '4', '5'])
          expect(await by('101')).toContain('7')
          expect(await by('none')).toEqual([])
        })

        test('contains finds text anywhere, whatever its case, in columns of text and of bytes', async () => {
          await ground.app(
            `CREATE TABLE note (id bigint PRIMARY KEY, body ${kind.types.text}, raw ${kind.types.bytes})`,
          )
          await ground.app(
            `INSERT INTO note VALUES (1, 'From ANN Lee: 100% ok', NULL), (2, 'Grüße, Jørgen Ærø', ${kind.hex('00414e4e40782e6f7267ff')}), (3, '李小龍 wrote', NULL), (4, 'nothing', NULL)`,
          )
          const by = (column: string, ...values: string[]) =>
            all({ table: 'note', columns: ['id'], match: { column, how: 'contains', values } }).then((rows) =>
              rows.map((r) => r['id']),
            )
          expect(await by('body', 'ann lee')).toEqual(['1'])
          expect(await by('body', '100%')).toEqual(['1'])
          expect(await by('body', '100_')).toEqual([])
          expect(await by('body', 'JØRGEN ÆRØ')).toEqual(['2'])
          expect(await by('body', '李小龍')).toEqual(['3'])
          expect(await by('body', 'ann lee', '李小龍')).toEqual(['1', '3'])
          expect(await by('raw', 'ann@X.org')).toEqual(['2'])
        })

        test('before is half open, and leaves out what is no moment', async () => {
          await ground.app(`CREATE TABLE call_row (id bigint PRIMARY KEY, ended ${kind.types.moment})`)
          const days = ['2026-01-01', '2026-02-28', '2026-03-01']
          for (const [i, day] of days.entries())
            await ground.app(`INSERT INTO call_row VALUES (${i + 1}, '${kind.moment(day)}')`)
          await ground.app('INSERT INTO call_row VALUES (4, NULL)')
          const before = { column: 'ended', cutoff: kind.moment('2026-02-28') }
          expect((await all({ table: 'call_row', columns: ['id'], before })).map((r) => r['id'])).toEqual([
            '1',
          ])
          expect(await store.reading((r) => r.count({ table: 'call_row', key: ['id'], before }))).toBe(1)
        })

        test('ten thousand keys and ten thousand values at once', async () => {
          await people()
          const rows = Array.from({ length: 3000 }, (_, i) => `(${i * 4}, 'n${i * 4}', NULL, NULL)`)
          await ground.app(`INSERT INTO person VALUES ${rows.join(', ')}`)
          const asked = Array.from({ length: 10_000 }, (_, i) => `${i}`)
          expect((await ids({ keys: asked.map((id) => [id]) })).length).toBe(2500)
          expect((await ids({ match: { column: 'id', how: 'exact', values: asked } })).length).toBe(2500)
          expect((await ids({ where: [{ column: 'name', is: asked.map((id) => `n${id}`) }] })).length).toBe(
            2500,
          )
          expect(
            await store.reading((r) =>
              r.count({ table: 'person', key: ['id'], keys: asked.map((id) => [id]) }),
            ),
          ).toBe(2500)
        })

        test('a number is asked for by the name it stands for, and a name nobody gave one finds nothing', async () => {
          await ground.app('CREATE TABLE object (id bigint PRIMARY KEY, name varchar(20))')
          await ground.app("INSERT INTO object VALUES (3, 'Ticket'), (5, 'User')")
          await ground.app('CREATE TABLE entry (id bigint PRIMARY KEY, object_id bigint, o_id bigint)')
          await ground.app('INSERT INTO entry VALUES (1, 3, 7), (2, 5, 7), (3, 5, 8), (4, NULL, 7)')
          const asked = (name: string, o: string) =>
            all({
              table: 'entry',
              columns: ['id'],
              key: ['id'],
              match: { column: 'o_id', how: 'exact', values: [o] },
              where: [
                {
                  column: 'object_id',
                  is: [],
                  standsIn: { table: 'object', column: 'id', where: [{ column: 'name', is: [name] }] },
                },
              ],
            }).then((rows) => rows.map((r) => r['id']))
          expect(await asked('User', '7')).toEqual(['2'])
          expect(await asked('Ticket', '7')).toEqual(['1'])
          expect(await asked('Group', '7')).toEqual([])
        })

        test('composite keys page in order and are found by every part', async () => {
          await ground.app(
            'CREATE TABLE pair (a varchar(10) NOT NULL, b bigint NOT NULL, v varchar(10), PRIMARY KEY (a, b))',
          )
          await ground.app(
            "INSERT INTO pair VALUES ('x', 2, '1'), ('x', 10, '2'), ('y', 1, '3'), ('y', 2, '4'), ('z', 1, '5')",
          )
          const read = (more: Partial<RowQuery>) =>
            all({ table: 'pair', columns: ['v'], key: ['a', 'b'], ...more }).then((rows) =>
              rows.map((r) => r['v']),
            )
          expect(await read({ pageSize: 2 })).toEqual(['1', '2', '3', '4', '5'])
          expect(await read({ after: ['x', '10'] })).toEqual(['3', '4', '5'])
          expect(
            await read({
              keys: [
                ['x', '10'],
                ['y', '1'],
                ['z', '9'],
                ['x', 'abc'],
              ],
            }),
          ).toEqual(['2', '3'])
        })

        test('a table without a key is read whole, twins included', async () => {
          await ground.app('CREATE TABLE log (line varchar(20), n bigint)')
          await ground.app(
            `INSERT INTO log VALUES ${Array.from({ length: 50 }, (_, i) => `('same', ${i % 5})`).join(', ')}, (NULL, NULL)`,
          )
          const rows = await all({ table: 'log', columns: ['line', 'n'], key: [], pageSize: 7 })
          expect(rows.length).toBe(51)
          expect(rows.filter((r) => r['n'] === '3').length).toBe(10)
          expect(
            await store.reading((r) =>
              r.count({ table: 'log', key: [], where: [{ column: 'line', is: [null] }] }),
            ),
          ).toBe(1)
          // A key that tells no rows apart loses none of them at the end of a page.
          expect(
            (
              await all({
                table: 'log',
                columns: ['line'],
                key: ['n'],
                pageSize: 3,
                where: [{ column: 'n', is: [null], not: true }],
              })
            ).length,
          ).toBe(50)
          const firsts = await all({
            table: 'log',
            columns: ['n'],
            key: ['n'],
            limit: 3,
            where: [{ column: 'n', is: [null], not: true }],
          })
          const rest = await all({
            table: 'log',
            columns: ['n'],
            key: ['n'],
            after: [firsts.at(-1)?.['n'] ?? null],
            where: [{ column: 'n', is: [null], not: true }],
          })
          expect(firsts.length + rest.length).toBe(50)
        })

        test('rows of a keyless table can be asked for while it is being read', async () => {
          await people('a', 'b')
          await ground.app('CREATE TABLE log (who bigint)')
          await ground.app('INSERT INTO log VALUES (1), (2), (1)')
          const names = await store.reading(async (reader) => {
            const found: Value[] = []
            for await (const page of reader.rows({ table: 'log', columns: ['who'], key: [], pageSize: 1 }))
              for (const { who } of page)
                for (const r of await collect(reader, {
                  table: 'person',
                  columns: ['name'],
                  key: ['id'],
                  keys: [[who ?? null]],
                }))
                  found.push(r['name'] ?? null)
            return found
          })
          expect(names).toHaveLength(3)
          expect(names.filter((name) => name === 'a')).toHaveLength(2)
        })

        test('keys with NULL in them find their row', async () => {
          await ground.app('CREATE TABLE loose (a bigint, b varchar(5))')
          await ground.app("INSERT INTO loose VALUES (1, NULL), (NULL, 'x'), (NULL, NULL), (1, 'x')")
          const keys = [
            [null, 'x'],
            [null, null],
            ['1', null],
          ]
          expect((await all({ table: 'loose', columns: ['a', 'b'], key: ['a', 'b'], keys })).length).toBe(3)
          expect(await writing((w) => w.remove({ table: 'loose', key: ['a', 'b'], keys }))).toBe(3)
          expect((await all({ table: 'loose', columns: ['a', 'b'], key: [] })).length).toBe(1)
        })

        test('mixed-case and hostile names are quoted, and read back as asked', async () => {
          const q = kind.quote
          await ground.app(
            `CREATE TABLE ${q('Order "x"`y')} (${q('Id')} bigint PRIMARY KEY, ${q('select')} varchar(9), ${q('e-mail; --')} varchar(9))`,
          )
          await ground.app(`INSERT INTO ${q('Order "x"`y')} VALUES (1, 'a', 'b')`)
          expect(await all({ table: 'Order "x"`y', columns: ['select', 'e-mail; --'], key: ['Id'] })).toEqual(
            [row({ select: 'a', 'e-mail; --': 'b' })],
          )
        })
      })

      describe('a reader', () => {
        test('sees one snapshot, whatever the application writes meanwhile', async () => {
          await people('a', 'b')
          await store.reading(async (reader) => {
            expect(await reader.count({ table: 'person', key: ['id'] })).toBe(2)
            await ground.app("INSERT INTO person VALUES (3, 'c', NULL, NULL)")
            expect(await reader.count({ table: 'person', key: ['id'] })).toBe(2)
          })
          expect(await ids({})).toEqual(['1', '2', '3'])
        })

        test('sweeps every row once, with a key or without; what is too long for a page is asked for by itself', async () => {
          const long = 'ä'.repeat(3_000_000)
          const type = store.kind === 'mysql' ? 'longtext' : 'text'
          await ground.app(`CREATE TABLE paper (id bigint PRIMARY KEY, body ${type})`)
          const rows = Array.from({ length: 700 }, (_, i) => `(${i}, 'n${i}')`)
          await ground.app(`INSERT INTO paper VALUES ${rows.join()}, (1000, 'x')`)
          await store.writing((writer) =>
            writer.overwrite({ table: 'paper', key: ['id'], keys: [['1000']], set: { body: long } }),
          )
          for (const key of [['id'], []])
            await store.reading(async (reader) => {
              const seen: (string | null)[] = []
              const left: (readonly [number, number])[] = []
              for await (const page of reader.sweep({
                table: 'paper',
                columns: ['body', 'id'],
                key,
                stray: [],
              })) {
                for (const [name, id] of page.rows)
                  seen.push(id === '1000' ? 'long' : (name as string | null))
                left.push(...page.long)
              }
              expect(seen.length).toBe(701)
              expect(new Set(seen)).toEqual(
                new Set([...Array.from({ length: 700 }, (_, n) => `n${n}`), 'long']),
              )
              expect(left.length).toBe(key.length)
            })
          const asked = { table: 'paper', key: ['id'], of: ['1000'], column: 'body' }
          await store.reading(async (reader) => {
            expect(await reader.long({ ...asked, most: 2 ** 26 })).toEqual({ value: long, cut: false })
            const { value, cut } = await reader.long({ ...asked, most: 1000 })
            expect([cut, long.startsWith(value as string)]).toEqual([true, true])
          })
        })

        test('has no verb that writes, and answers nothing after its end', async () => {
          await people('a')
          let kept: StoreReader | undefined
          await store.reading(async (reader) => {
            expect(Object.keys(reader).sort()).toEqual(['allows', 'count', 'long', 'rows', 'sweep'])
            kept = reader
          })
          await expect(kept?.count({ table: 'person', key: ['id'] })).rejects.toThrow(/ended/)
        })

        test('several at once, in any order', async () => {
          await people('a', 'b', 'c')
          const counts = await Promise.all(
            [1, 2, 3].map((id) =>
              store.reading((r) =>
                Promise.all([
                  r.count({ table: 'person', key: ['id'], keys: [[`${id}`]] }),
                  r.count({ table: 'person', key: ['id'] }),
                ]),
              ),
            ),
          )
          expect(counts).toEqual([
            [1, 3],
            [1, 3],
            [1, 3],
          ])
        })
      })

      describe('a writer', () => {
        test('removes by key, only what still fulfils the conditions', async () => {
          await people('a', 'b', 'c')
          expect(
            await writing((w) =>
              w.remove({
                table: 'person',
                key: ['id'],
                keys: [['1'], ['2'], ['9']],
                where: [{ column: 'name', is: ['a', 'c'] }],
              }),
            ),
          ).toBe(1)
          expect(await ids({})).toEqual(['2', '3'])
          expect(await writing((w) => w.remove({ table: 'person', key: ['id'], keys: [] }))).toBe(0)
          expect(await ids({})).toEqual(['2', '3'])
        })

        test('overwrites the same in all, rewrites each its own', async () => {
          await people('a', 'b', 'c')
          expect(
            await writing((w) =>
              w.overwrite({
                table: 'person',
                key: ['id'],
                keys: [['1'], ['2']],
                set: { email: null, phone: "it's" },
              }),
            ),
          ).toBe(2)
          const changes = [
            { key: ['1'], set: { name: 'one', email: '1@x' } },
            { key: ['2'], set: { name: null } },
            { key: ['3'], set: { name: 'three', email: null } },
            { key: ['9'], set: { name: 'nobody' } },
          ]
          expect(await writing((w) => w.rewrite({ table: 'person', key: ['id'], changes }))).toBe(3)
          expect(await all({ table: 'person', columns: ['name', 'email', 'phone'] })).toEqual([
            row({ name: 'one', email: '1@x', phone: "it's" }),
            row({ name: null, email: null, phone: "it's" }),
            row({ name: 'three', email: null, phone: null }),
          ])
        })

        test('rewrites many rows, of several types, and the key itself', async () => {
          await ground.app(
            `CREATE TABLE many (id bigint PRIMARY KEY, n bigint, b ${kind.types.bool}, y ${kind.types.bytes}, m ${kind.types.moment})`,
          )
          await ground.app(
            `INSERT INTO many (id) VALUES ${Array.from({ length: 350 }, (_, i) => `(${i})`).join(', ')}`,
          )
          const changes = Array.from({ length: 350 }, (_, i) => ({
            key: [`${i}`],
            set: {
              id: `${i + 1000}`,
              n: `${i * 3}`,
              b: i % 2 ? 'true' : 'false',
              y: new Uint8Array([i & 255]),
              m: kind.moment('2026-01-02'),
            },
          }))
          expect(await writing((w) => w.rewrite({ table: 'many', key: ['id'], changes }))).toBe(350)
          const rows = await all({ table: 'many', columns: ['id', 'n', 'b', 'y', 'm'] })
          expect(rows[249]).toEqual(
            row({ id: '1249', n: '747', b: 'true', y: new Uint8Array([249]), m: kind.moment('2026-01-02') }),
          )
        })

        test('inserts once', async () => {
          await people('a')
          const put = (name: string) =>
            writing((w) =>
              w.insertOnce({ table: 'person', key: ['id'], row: { id: '7', name, email: null } }),
            )
          expect(await put('first')).toBe(true)
          expect(await put('second')).toBe(false)
          expect(await all({ table: 'person', columns: ['name'], keys: [['7']] })).toEqual([
            row({ name: 'first' }),
          ])
        })

        test('locks rows it is going to change, and reads its own changes', async () => {
          await people('a', 'b')
          await writing(async (w) => {
            const locked = await w.lockRows({
              table: 'person',
              columns: ['name'],
              key: ['id'],
              keys: [['2'], ['1']],
            })
            expect(locked.map((r) => r['name'])).toEqual(['a', 'b'])
            await w.overwrite({ table: 'person', key: ['id'], keys: [['1']], set: { name: 'changed' } })
            expect(
              (await collect(w, { table: 'person', columns: ['name'], key: ['id'] })).map((r) => r['name']),
            ).toEqual(['changed', 'b'])
          })
        })

        test('keeps nothing of a transaction that fails', async () => {
          await people('a', 'b')
          const failing = writing(async (w) => {
            await w.remove({ table: 'person', key: ['id'], keys: [['1'], ['2']] })
            throw new Error('on purpose')
          })
          await expect(failing).rejects.toThrow('on purpose')
          expect(await ids({})).toEqual(['1', '2'])
          await writing((w) => w.remove({ table: 'person', key: ['id'], keys: [['1']] }))
          expect(await ids({})).toEqual(['2'])
        })

        test('text too long for its column is refused, not cut', async () => {
          if (kind.title === 'sqlite') return // declares lengths, enforces none
          await people('a')
          const error = await failure(
            writing((w) =>
              w.overwrite({ table: 'person', key: ['id'], keys: [['1']], set: { name: 'x'.repeat(41) } }),
            ),
          )
          expect(error).toMatchObject({ failure: 'constraint', permanent: true })
          const rewritten = await failure(
            writing((w) =>
              w.rewrite({
                table: 'person',
                key: ['id'],
                changes: [{ key: ['1'], set: { name: 'x'.repeat(41) } }],
              }),
            ),
          )
          expect(rewritten.failure).toBe('constraint')
          expect(await all({ table: 'person', columns: ['name'] })).toEqual([row({ name: 'a' })])
        })

        test('generated columns follow, and are never written', async () => {
          await ground.app(
            'CREATE TABLE g (id bigint PRIMARY KEY, a bigint, twice bigint GENERATED ALWAYS AS (a * 2) STORED)',
          )
          await ground.app('INSERT INTO g (id, a) VALUES (1, 2)')
          const [before] = await all({ table: 'g', columns: ['id', 'a', 'twice'] })
          expect(before).toEqual(row({ id: '1', a: '2', twice: '4' }))
          expect(
            (
              await failure(
                writing((w) => w.overwrite({ table: 'g', key: ['id'], keys: [['1']], set: { twice: '9' } })),
              )
            ).failure,
          ).toBe('schema')
          await writing((w) => w.remove({ table: 'g', key: ['id'], keys: [['1']] }))
          expect(await writing((w) => w.insertOnce({ table: 'g', key: ['id'], row: before as Row }))).toBe(
            true,
          )
          expect(await all({ table: 'g', columns: ['id', 'a', 'twice'] })).toEqual([before])
        })
      })

      describe('the catalogue', () => {
        test('tells columns, keys, indexes, foreign keys, triggers and generated columns', async () => {
          await ground.app('CREATE TABLE parent (id bigint PRIMARY KEY, code varchar(9) NOT NULL UNIQUE)')
          await ground.app(`CREATE TABLE child (a bigint NOT NULL, b bigint NOT NULL, parent_id bigint, born date, flag ${kind.types.bool} NOT NULL DEFAULT false,
          PRIMARY KEY (b, a), CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE)`)
          await ground.app('CREATE INDEX child_parent ON child (parent_id, a)')
          await ground.app('CREATE VIEW seen AS SELECT id FROM parent')
          const { tables, digest } = await store.describe()
          const table = (name: string) => tables.find((t) => t.name === name)
          expect(tables.map((t) => t.name).sort()).toEqual(['child', 'parent', 'seen'])
          expect(table('seen')?.kind).toBe('view')
          expect(table('parent')).toMatchObject({
            kind: 'table',
            primaryKey: ['id'],
            uniqueKeys: [['code']],
            transactional: true,
            triggers: [],
          })
          expect(table('child')).toMatchObject({
            primaryKey: ['b', 'a'],
            foreignKeys: [
              { columns: ['parent_id'], table: 'parent', references: ['id'], onDelete: 'cascade' },
            ],
          })
          expect([...(table('child')?.indexed ?? [])].sort()).toEqual(['b', 'parent_id'])
          const columns = new Map(table('child')?.columns.map((c) => [c.name, c]))
          expect(columns.get('a')).toMatchObject({
            kind: 'integer',
            nullable: false,
            generated: false,
            hasDefault: false,
          })
          expect(columns.get('born')).toMatchObject({ kind: 'date', nullable: true })
          expect(columns.get('flag')).toMatchObject({ kind: 'boolean', hasDefault: true })
          expect((await store.describe()).digest).toBe(digest)
          await ground.app('ALTER TABLE parent ADD COLUMN extra varchar(5)')
          expect((await store.describe()).digest).not.toBe(digest)
        })

        test('an unknown table or column is refused by name, with the nearest', async () => {
          await people('a')
          const table = await failure(all({ table: 'persom', columns: ['id'] }))
          expect(table).toMatchObject({ failure: 'schema', permanent: true })
          expect(table.hint).toContain('person')
          const column = await failure(all({ table: 'person', columns: ['e_mail'] }))
          expect(column.message).toContain('no column e_mail')
          expect(column.hint).toContain('email')
        })
      })

      describe('failures', () => {
        const refusals: [string, string, Row, StoreFailure][] = [
          ['a unique key', 'UNIQUE (email)', { id: '2', email: 'secret@x.org' }, 'constraint'],
          ['a check', "CHECK (email <> 'secret@x.org')", { id: '2', email: 'secret@x.org' }, 'constraint'],
        ]
        test.each(refusals)('%s is told without its values', async (_, rule, added, expected) => {
          await ground.app(`CREATE TABLE ruled (id bigint PRIMARY KEY, email varchar(80), ${rule})`)
          if (rule.startsWith('UNIQUE')) await ground.app("INSERT INTO ruled VALUES (1, 'secret@x.org')")
          const error = await failure(
            writing((w) => w.insertOnce({ table: 'ruled', key: ['id'], row: added })),
          )
          expect(error).toMatchObject({ failure: expected, permanent: true, store: 'shop', code: 'conflict' })
          expect(
            `${error.message} ${error.hint} ${JSON.stringify(error)} ${String(error.cause)}`,
          ).not.toContain('secret')
        })

        test('a foreign key that forbids it is a constraint', async () => {
          await ground.app('CREATE TABLE parent (id bigint PRIMARY KEY)')
          await ground.app(
            'CREATE TABLE child (id bigint PRIMARY KEY, p bigint, FOREIGN KEY (p) REFERENCES parent (id))',
          )
          await ground.app('INSERT INTO parent VALUES (1)')
          await ground.app('INSERT INTO child VALUES (1, 1)')
          expect(
            (await failure(writing((w) => w.remove({ table: 'parent', key: ['id'], keys: [['1']] }))))
              .failure,
          ).toBe('constraint')
        })

        test('an abort before, and between two statements, ends it with nothing kept', async () => {
          await people('a', 'b')
          const stop = new AbortController()
          const stopped = store.writing(
            async (w) => {
              await w.remove({ table: 'person', key: ['id'], keys: [['1']] })
              stop.abort()
              await w.remove({ table: 'person', key: ['id'], keys: [['2']] })
            },
            { signal: stop.signal },
          )
          expect((await failure(stopped)).failure).toBe('aborted')
          expect((await failure(store.reading(async () => undefined, { signal: stop.signal }))).failure).toBe(
            'aborted',
          )
          expect(await ids({})).toEqual(['1', '2'])
        })

        test('a lost connection is unreachable, may be tried again, and the next call works', async ({
          skip,
        }) => {
          if (!ground.cut) return skip('an embedded store has no connection to lose')
          await people('a')
          const { cut } = ground
          const lost = store.writing(async (w) => {
            await w.remove({ table: 'person', key: ['id'], keys: [['1']] })
            await cut()
            await w.count({ table: 'person', key: ['id'] })
          })
          expect(await failure(lost)).toMatchObject({
            failure: 'unreachable',
            permanent: false,
            code: 'unavailable',
          })
          expect(await ids({})).toEqual(['1'])
          await cut()
          expect(await ids({})).toEqual(['1'])
        })
      })

      test('settle says what is done and what remains', async () => {
        await people('a')
        await writing((w) => w.remove({ table: 'person', key: ['id'], keys: [['1']] }))
        const { done, remains } = await store.settle(['person'])
        expect([...done, ...remains].length).toBeGreaterThan(0)
      })
    },
  )
}

/** Rows have no prototype: a column may be called what it likes. */
export const row = (cells: Record<string, Value>): Row =>
  Object.assign(Object.create(null) as Record<string, Value>, cells)

export async function collect(reader: StoreReader, query: RowQuery): Promise<Row[]> {
  const rows: Row[] = []
  for await (const page of reader.rows(query)) rows.push(...page)
  return rows
}

/** The StoreError a promise must fail with. */
export async function failure(promise: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await promise.then(
    () => undefined,
    (e: unknown) => e,
  )
  if (isStoreError(error)) return error
  throw new Error('expected a StoreError', { cause: error })
}
