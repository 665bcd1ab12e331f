import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dumpStore } from '../support/store-dump.ts'
import { type CliDesk, type CliError, cliDesk } from './support.ts'

const alice = 'alice.jansen@post.example'
let desk: CliDesk
let file: string
beforeAll(async () => {
  desk = await cliDesk()
  file = join(desk.home, 'stores', 'tickets.db')
  for (const [name, role] of [
    ['ann', 'officer'],
    ['bert', 'approver'],
  ] as const)
    await desk.run(['user', 'add', name, '--role', role])
})
afterAll(() => desk.close())

const replay = (...more: string[]) => desk.run(['replay', ...more, '--json'])
const files = ['', '-wal', '-shm']
const move = (from: string, to: string) => {
  for (const end of files) {
    rmSync(to + end, { force: true })
    if (existsSync(from + end)) copyFileSync(from + end, to + end)
  }
}

it('wants a store and a moment with its zone', async () => {
  for (const argv of [
    ['--store', 'tickets'],
    ['--store', 'ticket', '--since', '2026-03-05T10:00:00Z'],
    ['--store', 'tickets', '--since', '2026-03-05T10:00:00'],
    ['--store', 'tickets', '--since', '2026-03-05'],
    ['--store', 'tickets', '--since', '2999-03-05T10:00:00Z'],
  ])
    expect((await replay(...argv)).status, argv.join(' ')).toBe(2)
})

it('erases again what a backup brought back, says so to scripts, and refuses a store that did not go back', async () => {
  move(file, `${file}.copy`)
  const since = new Date().toISOString()
  const added = await desk.run(
    `request add --right erasure --identity email=${alice} --verified desk --by ann --json`.split(' '),
  )
  const { reference } = added.json<{ reference: string }>()
  const work = () => desk.run(['work', '--until-idle', '--json'])
  await work()
  await desk.run(['request', 'decide', reference, '--grant', '--by', 'ann', '--json'])
  const approved = await desk.run(['request', 'approve', reference, '--by', 'bert', '--json'])
  expect(approved.err).toBe('')
  await work()
  const after = dumpStore(file)
  const refused = await replay('--store', 'tickets', '--since', since)
  expect([refused.status, refused.json<CliError>().error.code]).toEqual([3, 'refused'])
  expect((await replay('--check')).status).toBe(0)

  move(`${file}.copy`, file)
  expect(dumpStore(file)).not.toEqual(after)
  const seen = await replay('--check', '--store', 'tickets')
  expect([seen.status, seen.json()]).toMatchObject([1, { stores: [{ store: 'tickets', state: 'back' }] }])
  const done = await replay('--store', 'tickets', '--since', since, '--by', 'bert')
  expect(done.json()).toMatchObject({ status: 'done', erasures: 1, left: [], olderThanLedger: false })
  expect(done.status).toBe(0)
  expect(dumpStore(file)).toEqual(after)
  const again = await desk.run(['replay', '--store', 'tickets', '--since', since])
  expect([again.status, again.out]).toEqual([
    0,
    `nothing left: nothing of what was erased since ${since} stands in tickets\n`,
  ])
}, 60_000)

it('takes over the ledger beside the database, and says when the backup is older than any ledger', async () => {
  const ledger = join(desk.home, 'erasures.jsonl')
  const old = await replay(
    '--store',
    'tickets',
    '--since',
    '2020-01-01T00:00:00Z',
    '--ledger',
    ledger,
    '--live',
  )
  expect([old.status, old.json()]).toMatchObject([1, { olderThanLedger: true, back: 0 }])
  expect(old.err).toContain('0 erasures and 0 suppressions that were not known')
  const missing = await replay(
    '--store',
    'tickets',
    '--since',
    '2026-01-01T00:00:00Z',
    '--ledger',
    `${ledger}.no`,
  )
  expect(missing.status).toBe(2)
})
