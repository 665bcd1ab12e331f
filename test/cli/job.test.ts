import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder } from '../support/ask.ts'
import { type CliDesk, type CliError, cliDesk } from './support.ts'

const alice = 'alice.jansen@post.example'
let desk: CliDesk
beforeAll(async () => {
  desk = await cliDesk()
  for (const [name, role] of [
    ['ann', 'officer'],
    ['bert', 'approver'],
    ['carla', 'approver'],
  ] as const)
    await desk.run(['user', 'add', name, '--role', role])
})
afterAll(() => desk.close())

const add = async (right: string) => {
  const said = await desk.run([
    'request',
    'add',
    '--right',
    right,
    '--identity',
    `email=${alice}`,
    '--verified',
    'at the desk',
    '--by',
    'ann',
    '--json',
  ])
  expect(said.err).toBe('')
  expect(said.status).toBe(0)
  return said.json<{ reference: string; dueDate: string }>()
}
const work = () => desk.run(['work', '--until-idle', '--json'])
const show = async (reference: string) =>
  (await desk.run(['request', 'show', reference, '--json'])).json<{
    status: string
    plan: { digest: string; steps: { found: number }[] }
  }>()

describe('the job on the command line', () => {
  it('takes a request, works it, and hands the package over in all three ways', async () => {
    const { reference, dueDate } = await add('access')
    expect(reference).toMatch(/^R-[0-9A-Z]{4}-[0-9A-Z]{4}$/)
    expect(dueDate).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    expect((await work()).json<{ ran: number; retrying: number }>()).toMatchObject({
      retrying: 0,
      failed: [],
    })
    expect(await show(reference)).toMatchObject({ status: 'to-decide' })
    const early = await desk.run([
      'request',
      'package',
      reference,
      '--out',
      join(freshFolder(), 'p.zip'),
      '--json',
    ])
    expect(early.status).toBe(3)
    expect(early.json<CliError>().error.code).toBe('conflict')
    expect(
      (await desk.run(['request', 'decide', reference, '--grant', '--by', 'ann', '--json'])).json(),
    ).toMatchObject({ status: 'fulfilling' })
    expect((await work()).status).toBe(0)
    expect(await show(reference)).toMatchObject({ status: 'ready' })

    const folder = freshFolder()
    const plain = await desk.run([
      'request',
      'package',
      reference,
      '--out',
      join(folder, 'p.zip'),
      '--by',
      'ann',
      '--json',
    ])
    expect(plain.json()).toMatchObject({ reference, sealed: 'download' })
    const zip = readFileSync(join(folder, 'p.zip'))
    expect(zip.subarray(0, 2).toString()).toBe('PK')
    expect(statSync(join(folder, 'p.zip')).mode & 0o777).toBe(0o600)
    expect(existsSync(join(folder, 'p.zip.part'))).toBe(false)

    writeFileSync(join(folder, 'phrase'), 'four random words here\n')
    const sealed = await desk.run([
      'request',
      'package',
      reference,
      '--out',
      join(folder, 's.zip'),
      '--passphrase-file',
      join(folder, 'phrase'),
    ])
    expect(sealed.status).toBe(0)
    expect(readFileSync(join(folder, 's.zip')).equals(zip)).toBe(false)

    const wrong = await desk.run([
      'request',
      'package',
      reference,
      '--out',
      join(folder, 'a.age'),
      '--age',
      'nobody',
      '--json',
    ])
    expect([wrong.status, wrong.json<CliError>().error.code]).toEqual([2, 'invalid'])
    expect(existsSync(join(folder, 'a.age'))).toBe(false)
    const opened = (await desk.run(['ledger', 'export'])).out
      .split('\n')
      .filter((line) => line.includes('"package.opened"'))
    // The refused one left nothing behind: neither a file nor an entry.
    expect(opened.map((line) => (JSON.parse(line) as { body: { how: string } }).body.how)).toEqual([
      'download',
      'passphrase',
    ])
    expect((await desk.run(['request', 'close', reference, '--by', 'ann'])).status).toBe(0)
    expect(
      (await desk.run(['request', 'package', reference, '--out', join(folder, 'late.zip')])).status,
    ).toBe(3)
  })

  it('erases only after a second officer approved exactly the plan that stands', async () => {
    expect((await desk.run(['store', 'scan', '--identity', `email=${alice}`])).status).toBe(1)
    const { reference } = await add('erasure')
    await work()
    const decided = await desk.run(['request', 'decide', reference, '--grant', '--by', 'bert', '--json'])
    expect(decided.json()).toMatchObject({ status: 'to-approve' })
    const byRole = await desk.run(['request', 'approve', reference, '--by', 'ann', '--json'])
    expect([byRole.status, byRole.json<CliError>().error.code]).toEqual([3, 'forbidden'])
    const same = await desk.run(['request', 'approve', reference, '--by', 'bert', '--json'])
    expect([same.status, same.json<CliError>().error.code]).toEqual([3, 'refused'])
    const other = await desk.run([
      'request',
      'approve',
      reference,
      '--digest',
      'f'.repeat(64),
      '--by',
      'carla',
      '--json',
    ])
    expect([other.status, other.json<CliError>().error.code]).toEqual([3, 'conflict'])
    const { plan } = await show(reference)
    expect(
      (await desk.run(['request', 'approve', reference, '--digest', plan.digest, '--by', 'carla'])).status,
    ).toBe(0)
    expect((await work()).status).toBe(0)
    expect(await show(reference)).toMatchObject({ status: 'ready' })

    const left = await desk.run(['store', 'scan', '--identity', `email=${alice.toUpperCase()}`, '--json'])
    expect(left.json<{ found: unknown[] }>().found).toEqual([
      {
        store: 'marketing',
        table: 'unsubscribed',
        column: 'address',
        rows: 1,
        ground: 'suppression',
        examples: [expect.stringMatching(/^[0-9a-f]{64}$/)],
      },
    ])
    const stdin = `email=nobody@post.example\nemail=${alice}; phone=+4520123456\n`
    const scan = (...more: string[]) => desk.run(['store', 'scan', 'marketing', ...more], { stdin })
    expect((await scan('--from', '-', '--json')).json()).toMatchObject({
      found: [{ table: 'unsubscribed', persons: [1] }],
      unread: [],
    })
    expect((await scan('--from', '-')).out).toMatch(/suppression\s+2$/m)
    expect([(await scan()).status, (await scan('--from', 'nowhere.txt')).status]).toEqual([2, 2])
    const suppressed = await desk.run(['suppression', 'check', `Alice.Jansen@post.example`, '--json'])
    expect([suppressed.status, suppressed.json()]).toEqual([1, expect.objectContaining({ allowed: false })])
    const free = await desk.run(['suppression', 'check', 'nobody@post.example', '--json'])
    expect([free.status, free.json()]).toEqual([0, { allowed: true, kind: 'email', suppressed: [] }])
    expect((await desk.run(['suppression', 'check', 'neither', '--json'])).status).toBe(2)
  })

  it('moves the clock, refuses with a ground, takes back and lists', async () => {
    const { reference } = await add('access')
    const question = [
      'request',
      'pause',
      reference,
      '--for',
      'clarification',
      '--question',
      'Which of your two shops do you mean?',
      '--by',
      'ann',
    ]
    expect((await desk.run(question)).status).toBe(0)
    expect((await desk.run([...question, '--json'])).json<CliError>().error.code).toBe('conflict')
    expect((await desk.run(['request', 'resume', reference, '--by', 'ann'])).status).toBe(0)
    const extended = await desk.run([
      'request',
      'extend',
      reference,
      '--reason',
      'Three stores and many messages',
      '--by',
      'ann',
      '--json',
    ])
    expect(extended.json()).toMatchObject({ reference })
    await work()
    const noGround = await desk.run([
      'request',
      'decide',
      reference,
      '--refuse',
      'excesive',
      '--reason',
      'The fifth one in a week',
      '--by',
      'ann',
      '--json',
    ])
    expect([noGround.status, noGround.json<CliError>().error.hint]).toEqual([2, 'Did you mean excessive?'])
    const both = await desk.run([
      'request',
      'decide',
      reference,
      '--refuse',
      'excessive',
      '--grant',
      '--by',
      'ann',
      '--json',
    ])
    expect(both.status).toBe(2)
    const refused = await desk.run([
      'request',
      'decide',
      reference,
      '--refuse',
      'excessive',
      '--reason',
      'The fifth one in a week',
      '--by',
      'ann',
      '--json',
    ])
    expect(refused.json()).toMatchObject({ outcome: 'refuse', status: 'refused' })
    const second = await add('access')
    expect((await desk.run(['request', 'withdraw', second.reference, '--by', 'ann'])).status).toBe(0)
    const page = (await desk.run(['request', 'list', '--status', 'refused,withdrawn', '--json'])).json<{
      requests: { reference: string }[]
    }>()
    expect(page.requests.map((row) => row.reference).sort()).toEqual([reference, second.reference].sort())
    const found = (await desk.run(['request', 'list', '--find', alice, '--limit', '1', '--json'])).json<{
      requests: unknown[]
      next: string
    }>()
    expect(found.requests).toHaveLength(1)
    expect(found.next).toEqual(expect.any(String))
    expect((await desk.run(['request', 'list'])).out).toContain('a•••@post.example')
  })

  it('leaves out of a package what a decision in part names', async () => {
    const { reference } = await add('access')
    await work()
    const file = join(freshFolder(), 'part.yaml')
    writeFileSync(
      file,
      'ground: rights_of_others\nreason: These conversations are others people’s too.\nleaveOut: [calls.nothing]\n',
    )
    const unknown = await desk.run(['request', 'decide', reference, '--part', file, '--by', 'ann', '--json'])
    expect([unknown.status, unknown.json<CliError>().error.message]).toEqual([
      2,
      expect.stringContaining('calls.nothing'),
    ])
    writeFileSync(file, 'ground: rights_of_others\nreson: misspelt\n')
    const misspelt = await desk.run(['request', 'decide', reference, '--part', file, '--by', 'ann', '--json'])
    expect(misspelt.json<CliError>().error.message).toMatch(/part\.yaml:2:1: .*reson/)
    expect(await show(reference)).toMatchObject({ status: 'to-decide' })
    await desk.run(['request', 'withdraw', reference, '--by', 'ann'])
  })

  it('tells with exit status 4 that a store is down, and goes on when it is back', async () => {
    const { reference } = await add('access')
    const calls = join(desk.home, 'stores', 'calls.db')
    const kept = readFileSync(calls)
    rmSync(calls)
    const down = await desk.run(['store', 'list', '--json'])
    expect(down.status).toBe(4)
    expect(down.json<{ stores: { name: string; reachable: boolean }[] }>().stores).toContainEqual(
      expect.objectContaining({ name: 'calls', reachable: false }),
    )
    expect((await desk.run(['check'])).status).toBe(4)
    writeFileSync(calls, kept)
    expect((await work()).status).toBe(0)
    expect(await show(reference)).toMatchObject({ status: 'to-decide' })
    await desk.run(['request', 'withdraw', reference, '--by', 'ann'])
  })

  it('finds an entry of the ledger that was changed, and says which', async () => {
    const verified = await desk.run(['ledger', 'verify', '--json'])
    expect([verified.status, verified.json()]).toEqual([0, expect.objectContaining({ ok: true, faults: [] })])
    const lines = (await desk.run(['ledger', 'export', '--json'])).out.trim().split('\n')
    expect(lines).toHaveLength(verified.json<{ entries: number }>().entries)
    expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual(
      lines.map((_, at) => at + 1),
    )
    for (const line of lines) expect(line).not.toContain('alice')
  })
})
