import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { openLog } from '../../src/ops/log.ts'
import { approve } from '../../src/requests/approve.ts'
import { confirmCode } from '../../src/requests/confirm.ts'
import { decide } from '../../src/requests/decide.ts'
import { receiveRequest } from '../../src/requests/receive.ts'
import { showRequest } from '../../src/requests/show.ts'
import { testDialect } from '../support/database.ts'
import { ann, codeIn, officer, person, requestDesk } from './desk.ts'

/** Traps 50 and 52: what the service itself keeps of a person, in its tables and beside them. */
const day = 86_400_000
const hers = [ann, '612345678', 'printer', 'mouse', 'she wrote from home']

/** As it stands, and as programs pack it. */
const spellings = hers.flatMap((text) => [
  text,
  text.toUpperCase(),
  encodeURIComponent(text),
  Buffer.from(text, 'utf16le').toString('latin1'),
  Buffer.from(text).toString('hex'),
  ...[0, 1, 2].map((shift) =>
    Buffer.from(' '.repeat(shift) + text)
      .toString('base64')
      .slice(shift === 0 ? 0 : 4)
      .replace(/..?=*$/, ''),
  ),
])
// What is shorter stands in any sealed value by chance.
const inText = (text: string): string[] =>
  spellings.filter((one) => (one.length > 7 || hers.includes(one)) && text.includes(one))

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : [path]
  })

describe('the traces of the service itself', () => {
  const written: string[] = []
  const desk = requestDesk({ log: openLog('trace', { write: (line) => void written.push(line) }) })
  afterEach(() => void (written.length = 0))

  /** Every table, value by value, and every file of the service; the mails that were delivered and her own store are not ours. */
  const traces = async (): Promise<string[]> => {
    const own = filesIn(desk.folder).filter((path) => /[/\\](?:spool|packages)[/\\]/.test(path))
    const database =
      testDialect === 'sqlite' ? filesIn(dirname(fileURLToPath(desk.url.replace(/^file:/, 'file://')))) : []
    const inFiles = [...own, ...database].flatMap((path) =>
      [path, readFileSync(path, 'latin1')].flatMap(inText).map((found) => `${path}: ${found}`),
    )
    const tables = await desk.tables()
    const inTables = Object.entries(tables).flatMap(([name, rows]) =>
      inText(JSON.stringify(rows)).map((found) => `${name}: ${found}`),
    )
    return [...inFiles, ...inTables, ...inText(written.join('')).map((found) => `log: ${found}`)]
  }

  const worked = async (right: 'access' | 'erasure') => {
    const { reference } = await desk.as(person, (ctx) =>
      receiveRequest(
        ctx,
        {
          right,
          regime: 'NL',
          channel: 'portal',
          language: 'en',
          identities: [
            { kind: 'email', value: ann },
            { kind: 'phone', value: '+31612345678' },
          ],
          note: 'she wrote from home',
        },
        desk.deps,
      ),
    )
    await desk.work()
    const code = codeIn((await desk.mails()).at(-1))
    expect((await desk.as(person, (ctx) => confirmCode(ctx, { reference, code }, desk.deps))).ok).toBe(true)
    desk.clock.advance(60_000)
    await desk.work()
    await desk.as(officer('one'), (ctx) => decide(ctx, { reference, outcome: 'grant' }, desk.deps))
    return reference
  }
  const show = (reference: string) => desk.read((ctx) => showRequest(ctx, { reference }))

  test('hold no value of an erased person in clear, neither at work nor after the end', async () => {
    // What is looked for can be found: her own store holds it.
    expect(inText(readFileSync(join(desk.folder, 'desk.db'), 'latin1'))).toEqual(
      expect.arrayContaining(hers.slice(0, 4)),
    )
    const reference = await worked('erasure')
    expect(await traces()).toEqual([])
    const { plan } = await show(reference)
    await desk.as(officer('two'), (ctx) => approve(ctx, { reference, digest: plan?.digest ?? '' }))
    await desk.work()
    expect((await show(reference)).status).toBe('ready')
    expect(await traces()).toEqual([])
    desk.clock.advance(31 * day)
    await desk.work()
    expect((await show(reference)).status).toBe('closed')
    expect(await traces()).toEqual([])
    expect(written.length).toBeGreaterThan(0)
  })

  test('hold a copy only sealed, and after the end not at all', async () => {
    const reference = await worked('access')
    await desk.work()
    expect((await show(reference)).status).toBe('ready')
    const kept = () => filesIn(desk.folder).filter((path) => /[/\\](?:spool|packages)[/\\]/.test(path))
    expect(kept().length).toBeGreaterThan(0)
    expect(await traces()).toEqual([])
    desk.clock.advance(31 * day)
    await desk.work()
    expect((await show(reference)).status).toBe('closed')
    // What is left of the package is noise without its key; another job takes the file away.
    expect(kept().filter((path) => path.includes('spool'))).toEqual([])
    expect((await desk.tables())['package']).toMatchObject([{ identity: null }])
    expect(await traces()).toEqual([])
    const orders = (await desk.tables())['engine_order'] as Record<string, unknown>[]
    expect(
      orders.map((row) => [desk.db.keys.open(String(row['identities'])), row['memory'], row['spool_key']]),
    ).toEqual([['[]', null, null]])
  })
})
