import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshFolder } from '../support/ask.ts'
import { policies } from '../support/desk.ts'
import { type CliDesk, type CliError, cliDesk, emptyHome, say } from './support.ts'

let desk: CliDesk
beforeAll(async () => {
  desk = await cliDesk()
  await desk.run(['user', 'add', 'ann'])
})
afterAll(() => desk.close())

/** Status and error of a command that must not work. */
async function refused(argv: readonly string[], env: Record<string, string> = {}) {
  const said = await desk.run([...argv, '--json'], { env })
  const { error } = said.json<CliError>()
  expect(Object.keys(error).sort()).toEqual(expect.arrayContaining(['code', 'message']))
  return { status: said.status, ...error }
}
const add = (...more: string[]) => [
  'request',
  'add',
  '--right',
  'access',
  '--identity',
  'email=a@b.example',
  '--by',
  'ann',
  ...more,
]

describe('bad input', () => {
  it('of an option nobody knows names it, and the nearest', async () => {
    expect(await refused(['request', 'add', '--rigth', 'access'])).toMatchObject({
      status: 2,
      code: 'invalid',
    })
    const said = await desk.run(['request', 'list', '--overdu'])
    expect([said.status, said.out]).toEqual([2, ''])
    expect(said.err).toContain('--overdu')
    expect(said.err).toContain('Did you mean --overdue?')
    expect((await desk.run(['lisst'])).status).toBe(2)
    expect(await refused(['request'])).toMatchObject({ status: 2, code: 'invalid' })
    const nothing = await desk.run([])
    expect([nothing.status, nothing.out]).toEqual([2, ''])
    expect(nothing.err).toContain('Usage: lethe')
  })

  it('of a right says whether it is unknown or not taken here', async () => {
    expect(
      await refused([
        'request',
        'add',
        '--right',
        'erasuer',
        '--identity',
        'email=a@b.example',
        '--by',
        'ann',
      ]),
    ).toMatchObject({
      status: 2,
      message: expect.stringContaining('"erasuer" is not one of access'),
      hint: 'Did you mean erasure?',
    })
    expect(
      await refused([
        'request',
        'add',
        '--right',
        'objection',
        '--identity',
        'email=a@b.example',
        '--by',
        'ann',
      ]),
    ).toMatchObject({
      status: 2,
      hint: 'It takes access and erasure.',
    })
  })

  it('of a date, identity, regime or number says what was expected', async () => {
    expect(await refused(add('--received', '5 March'))).toMatchObject({
      status: 2,
      message: expect.stringContaining('--received: "5 March"'),
    })
    expect(await refused(add('--received', '2026-02-30'))).toMatchObject({ status: 2 })
    expect(await refused(add('--received', '2999-01-01'))).toMatchObject({
      status: 2,
      message: expect.stringContaining('future'),
    })
    expect(await refused(add('--regime', 'NLD'))).toMatchObject({ status: 2, hint: 'Did you mean NL?' })
    expect(await refused(add('--identity', 'a@b.example'))).toMatchObject({
      status: 2,
      message: expect.stringContaining('kind=value'),
    })
    const { message } = await refused(add('--identity', 'email=secret person'))
    expect(message).not.toContain('secret')
    expect(await refused(['request', 'list', '--limit', '9999'])).toMatchObject({
      status: 2,
      message: expect.stringContaining('--limit'),
    })
  })

  it('of an officer’s name says how to add one', async () => {
    const unknown = await refused([
      'request',
      'add',
      '--right',
      'access',
      '--identity',
      'email=a@b.example',
      '--by',
      'zoe',
    ])
    expect(unknown).toMatchObject({
      status: 2,
      message: '--by: there is no officer "zoe"',
      hint: expect.stringContaining('lethe user add "zoe"'),
    })
    const nobody = await refused(add(), {
      LETHE_HOME: freshFolder(),
      LETHE_DATABASE_URL: `file:${join(freshFolder(), 'empty.db')}`,
    })
    expect(nobody.hint).toContain('There is no officer yet')
  })

  it('of a reference that is none is told apart from nothing', async () => {
    expect(await refused(['request', 'show', 'R-0000-0000'])).toMatchObject({ status: 2, code: 'not_found' })
    expect(await refused(['retention', 'preview', '--rule', 'nosuch'])).toMatchObject({
      status: 2,
      code: 'not_found',
      hint: expect.stringContaining('calls'),
    })
    expect(await refused(['hold', 'lift', 'nosuch', '--reason', 'x', '--by', 'ann'])).toMatchObject({
      status: 3,
      code: 'forbidden',
    })
  })

  it('of a setting names the variable, before anything is opened', async () => {
    expect(await refused(['user', 'list'], { LETHE_HOEM: '/tmp' })).toMatchObject({
      status: 2,
      message: expect.stringContaining('LETHE_HOEM'),
    })
    expect(await refused(['user', 'list'], { PORT: 'eighty' })).toMatchObject({
      status: 2,
      message: expect.stringContaining('PORT'),
    })
    expect(await refused(['user', 'list'], { LETHE_KEY: 'short' })).toMatchObject({
      status: 2,
      message: expect.stringContaining('LETHE_KEY'),
    })
    const server = 'postgres://nobody:wrong@127.0.0.1:1/none'
    expect(await refused(['user', 'list'], { LETHE_DATABASE_URL: server })).toMatchObject({
      status: 4,
      code: 'unavailable',
      message: expect.stringContaining('LETHE_DATABASE_URL'),
    })
    expect(await refused(['user', 'list'], { LETHE_DATABASE_URL: server, LETHE_KEY: '' })).toMatchObject({
      status: 2,
      message: expect.stringContaining('LETHE_KEY'),
    })
    const other = Buffer.alloc(32, 1).toString('base64')
    const wrongKey = await refused(['user', 'list'], { LETHE_KEY: other })
    expect(wrongKey.status).not.toBe(0)
  })
})

describe('a policy that is wrong', () => {
  let folder: string
  beforeEach(() => {
    folder = join(freshFolder(), 'policies')
    cpSync(policies, folder, { recursive: true })
  })
  const change = (file: string, from: string | RegExp, to: string) => {
    const path = join(folder, file)
    const before = readFileSync(path, 'utf8')
    const after = before.replace(from, to)
    expect(after).not.toBe(before)
    writeFileSync(path, after)
  }
  const check = async () => {
    const said = await desk.run(['check', '--json', '--policies', folder])
    return {
      status: said.status,
      ...said.json<{
        ok: boolean
        findings: { level: string; where: string; message: string; hint: string }[]
      }>(),
    }
  }

  it('is nothing for the shipped ones over the sample stores', async () => {
    expect(await check()).toMatchObject({ status: 0, ok: true, findings: [] })
  })

  it('is told with file and line, all files at once', async () => {
    change('retention/calls.yaml', /keep: P3M/, 'keep: 3 month')
    change('stores.yaml', 'kind: sqlite', 'knid: sqlite')
    change('regimes/dk.yaml', /^regimes:/m, 'regimess:')
    change('letters/nl/confirm.md', /\{\{?[^}]*\}?\}/, '')
    change('company.yaml', 'timezone: Europe/Amsterdam', 'timezone: Europe/Amsterdm')
    const { status, findings } = await check()
    expect(status).toBe(1)
    const places = findings.map((finding) => finding.where)
    for (const file of ['stores.yaml:', 'regimes/dk.yaml:', 'letters/nl/confirm.md', 'company.yaml:'])
      expect(places.join('\n')).toContain(file)
    for (const finding of findings) expect(finding.level).toBe('error')
  })

  it('in a rule, a column or a key is found with the nearest that exists', async () => {
    change('retention/calls.yaml', /keep: P3M/, 'keep: 3 month')
    expect((await check()).findings[0]).toMatchObject({
      where: expect.stringMatching(/retention\/calls\.yaml:\d+:\d+$/),
      message: expect.stringContaining('write "P3M" or "3 months"'),
    })
    change('retention/calls.yaml', 'keep: 3 month', 'keep: P3M')
    change('datamap/calls.yaml', /- name: transcript$/m, '- name: transcrpt')
    const wrong = await check()
    expect(wrong.status).toBe(1)
    expect(wrong.findings.map((finding) => finding.message).join('\n')).toMatch(
      /has no column "transcrpt"; did you mean "transcript"\?/,
    )
  })

  it('in its YAML stops other commands with its place, and nothing is done', async () => {
    writeFileSync(join(folder, 'stores.yaml'), 'tickets:\n  kind: [sqlite\n')
    const said = await desk.run([...add(), '--json', '--policies', folder])
    expect([said.status, said.json<CliError>().error.code]).toEqual([2, 'invalid'])
    expect(said.json<CliError>().error.message).toMatch(/stores\.yaml:\d+:\d+/)
    expect((await desk.run(['request', 'list', '--json'])).json()).toEqual({ requests: [], next: null })
    expect(await check()).toMatchObject({ status: 1 })
  })

  it('with a password in it is refused without repeating the password', async () => {
    change(
      'stores.yaml',
      /kind: sqlite\n\s+url: .*/,
      'kind: postgres\n  url: postgres://lethe:hunter2@host/db',
    )
    const said = await desk.run(['check', '--policies', folder])
    expect(said.status).toBe(1)
    expect(said.out).toContain('a password stands in the file')
    expect(said.out + said.err).not.toContain('hunter2')
  })
})

it('a key that is missing beside its database is refused, and no other is made in its place', async () => {
  const { cwd, env } = emptyHome()
  expect((await say(['user', 'add', 'ann'], { cwd, env })).status).toBe(0)
  const key = join(env['LETHE_HOME'] as string, 'master.key')
  renameSync(key, `${key}.away`)
  const said = await say(['user', 'list', '--json'], { cwd, env })
  expect([said.status, said.json<CliError>().error.message]).toEqual([2, `there is no key file ${key}`])
  expect(existsSync(key)).toBe(false)
  renameSync(`${key}.away`, key)
  expect((await say(['user', 'list'], { cwd, env })).out).toContain('ann')
})

it('a data folder that cannot be made is named as such, with status 4', async () => {
  const home = join(desk.home, 'stores', 'calls.db', 'below')
  const said = await say(['user', 'list', '--json'], {
    cwd: freshFolder(),
    env: { ...desk.env, LETHE_HOME: home },
  })
  expect([said.status, said.json<CliError>().error]).toEqual([
    4,
    expect.objectContaining({ code: 'unavailable', message: expect.stringContaining('LETHE_HOME') }),
  ])
})
