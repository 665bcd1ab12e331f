import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder } from '../support/ask.ts'
import { policies } from '../support/desk.ts'
import { type CliDesk, type CliError, cliDesk, emptyHome, say } from './support.ts'

const program = join(import.meta.dirname, '../../src/lethe.mjs')

describe('the program itself', () => {
  const at = () => {
    const { cwd, env } = emptyHome()
    return { cwd, env: { PATH: process.env['PATH'] ?? '', ...env }, encoding: 'utf8' as const }
  }

  it('answers a date on stdout, nothing on stderr, and status 0', () => {
    const argv = [program, 'deadline', '--regime', 'NL', '--received', '2026-03-05T10:00:00+01:00', '--json']
    const said = spawnSync(process.execPath, argv, at())
    expect([said.status, said.stderr]).toEqual([0, ''])
    expect(JSON.parse(said.stdout)).toMatchObject({
      dueDate: '2026-04-07',
      hardDate: '2026-04-07',
      steps: expect.any(Array),
    })
  })

  it('reads JSON Lines, answers each, and ends with 2 when one was bad', () => {
    const input =
      '{"regime":"NL","received":"2026-03-05"}\n\nnot json\n{"regime":"DK","received":"2026-03-05","extended":true}\n'
    const said = spawnSync(process.execPath, [program, 'deadline', '-'], { ...at(), input })
    const lines = said.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(said.status).toBe(2)
    expect(lines).toEqual([
      expect.objectContaining({ dueDate: '2026-04-07' }),
      { error: expect.objectContaining({ code: 'invalid', line: 3 }) },
      expect.objectContaining({ regime: 'DK' }),
    ])
  })

  it('makes its data folder, its key for its owner only, and its tables', () => {
    const where = at()
    const home = join(where.cwd, 'data')
    const out = execFileSync(process.execPath, [program, 'migrate', '--json'], where)
    expect(JSON.parse(out)).toMatchObject({ alreadyThere: 0 })
    expect(existsSync(join(home, 'lethe.db'))).toBe(true)
    expect(execFileSync('ls', ['-l', join(home, 'master.key')], { encoding: 'utf8' })).toMatch(/^-rw-------/)
    const again = JSON.parse(execFileSync(process.execPath, [program, 'migrate', '--json'], where)) as {
      applied: string[]
    }
    expect(again.applied).toEqual([])
  })

  it('says what it does for --help, for every command', async () => {
    const { cwd, env } = emptyHome()
    for (const words of [
      'serve',
      'demo',
      'migrate',
      'check',
      'schema',
      'deadline',
      'request',
      'work',
      'retention',
      'hold',
      'store',
      'ledger',
      'evidence',
      'suppression',
      'user',
      'token',
    ]) {
      const said = await say([words, '--help'], { cwd, env })
      expect([words, said.status]).toEqual([words, 0])
      expect(said.out).toContain('Usage: lethe')
    }
    expect((await say(['retention', '--help'], { cwd, env })).out).not.toMatch(/simulate|explain/)
  })

  it('takes --home and --policies in front of the environment', async () => {
    const { cwd, env } = emptyHome()
    const home = freshFolder()
    expect(
      (
        await say(['migrate', '--home', home], {
          cwd,
          env: { LETHE_POLICIES: env['LETHE_POLICIES'] as string, LETHE_HOME: '/nowhere' },
        })
      ).status,
    ).toBe(0)
    expect(existsSync(join(home, 'lethe.db'))).toBe(true)
  })
})

describe('schema', () => {
  it('is JSON Schema of each policy file kind, which the shipped files fulfil in its keys', async () => {
    const { cwd, env } = emptyHome()
    for (const [kind, keys] of [
      ['stores', []],
      ['datamap', ['dataset']],
      ['retention', ['rules']],
      ['regime', ['pack']],
    ] as const) {
      const said = await say(['schema', kind, '--json'], { cwd, env })
      const schema = said.json<{ $schema: string; properties?: Record<string, unknown> }>()
      expect([said.status, schema.$schema]).toEqual([0, expect.stringContaining('json-schema.org')])
      expect(Object.keys(schema.properties ?? {})).toEqual(expect.arrayContaining([...keys]))
    }
    const unknown = await say(['schema', 'store', '--json'], { cwd, env })
    expect([unknown.status, unknown.json<CliError>().error.hint]).toEqual([2, 'Did you mean stores?'])
  })
})

describe('people, tokens, holds and rules', () => {
  let desk: CliDesk
  beforeAll(async () => {
    desk = await cliDesk()
  })
  afterAll(() => desk.close())
  const json = async <T>(...argv: string[]) => {
    const said = await desk.run([...argv, '--json'])
    expect([argv.join(' '), said.status]).toEqual([argv.join(' '), 0])
    return said.json<T>()
  }

  it('adds officers, by a link or a password file, and shuts them out but not the last admin', async () => {
    const { link } = await json<{ link: string }>('user', 'add', 'root', '--role', 'admin')
    expect(link).toMatch(/^http:\/\/localhost:8080\/console\/link\/[\w-]{43}$/)
    const file = join(freshFolder(), 'password')
    writeFileSync(file, 'copper lantern drifts north\n')
    expect(await json('user', 'add', 'ann', '--password-file', file)).not.toHaveProperty('link')
    const twice = await desk.run(['user', 'add', 'ANN', '--json'])
    expect([twice.status, twice.json<CliError>().error.code]).toEqual([3, 'conflict'])
    await json('user', 'add', 'bert', '--role', 'approver')
    await json('user', 'disable', 'bert')
    const shut = await desk.run([
      'hold',
      'place',
      '--identity',
      'email=a@b.example',
      '--reason',
      'x',
      '--authority',
      'y',
      '--review',
      '2999-01-01',
      '--by',
      'bert',
      '--json',
    ])
    expect([shut.status, shut.json<CliError>().error.message]).toEqual([3, 'the officer "bert" is disabled'])
    await json('user', 'enable', 'bert')
    await json('user', 'role', 'ann', 'admin')
    expect(await desk.run(['user', 'disable', 'ann'])).toMatchObject({ status: 3 })
    await json('user', 'link', 'root')
    const { users } = await json<{ users: Record<string, unknown>[] }>('user', 'list')
    expect(users.map(({ name, role, hasPassword }) => [name, role, hasPassword])).toEqual([
      ['root', 'admin', false],
      ['ann', 'admin', true],
      ['bert', 'approver', false],
    ])
  })

  it('makes a token once, with scopes the role has, and revokes it', async () => {
    const made = await json<{ id: string; token: string; expiresAt: string }>(
      'token',
      'create',
      '--by',
      'bert',
      '--title',
      'inbox',
      '--scope',
      'request.read,hold.read',
      '--expires',
      'P30D',
    )
    expect(made.token).toMatch(/^lethe_[\w-]{43}$/)
    expect(Date.parse(made.expiresAt)).toBeGreaterThan(Date.now() + 28 * 86_400_000)
    const wrong = await desk.run([
      'token',
      'create',
      '--by',
      'bert',
      '--title',
      'x',
      '--scope',
      'request.reed',
      '--json',
    ])
    expect([wrong.status, wrong.json<CliError>().error.hint]).toEqual([2, 'Did you mean request.read?'])
    const listed = await desk.run(['token', 'list', '--json'])
    expect(listed.out).not.toContain(made.token)
    expect(listed.json<{ tokens: unknown[] }>().tokens).toEqual([
      expect.objectContaining({
        id: made.id,
        officer: 'bert',
        state: 'active',
        scopes: ['hold.read', 'request.read'],
      }),
    ])
    await json('token', 'revoke', made.id)
    expect((await json<{ tokens: unknown[] }>('token', 'list')).tokens).toEqual([
      expect.objectContaining({ state: 'revoked' }),
    ])
  })

  it('holds a person or a record until it is lifted, for a reason, by who may', async () => {
    const review = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
    const who = ['--reason', 'claim', '--authority', 'court 12', '--review', review, '--by', 'bert']
    const { id } = await json<{ id: string }>(
      'hold',
      'place',
      '--identity',
      'email=bob.devries@post.example',
      ...who,
    )
    await json(
      'hold',
      'place',
      '--store',
      'calls',
      '--collection',
      'calls',
      '--key',
      '1',
      '--blocks',
      'purge',
      ...who,
    )
    const unknown = await desk.run([
      'hold',
      'place',
      '--store',
      'calls',
      '--collection',
      'cals',
      '--key',
      '1',
      ...who,
      '--json',
    ])
    expect([unknown.status, unknown.json<CliError>().error.message]).toEqual([
      2,
      expect.stringContaining('"cals"'),
    ])
    const neither = await desk.run(['hold', 'place', ...who, '--json'])
    expect(neither.status).toBe(2)
    const { holds } = await json<{ holds: { id: string; blocks: string[] }[] }>('hold', 'list')
    expect(holds.map((one) => one.blocks)).toEqual([['erasure', 'purge'], ['purge']])
    await json('hold', 'lift', id, '--reason', 'settled', '--by', 'bert')
    expect((await json<{ holds: unknown[] }>('hold', 'list')).holds).toHaveLength(1)
    expect((await json<{ holds: unknown[] }>('hold', 'list', '--all')).holds).toHaveLength(2)
    const twice = await desk.run(['hold', 'lift', id, '--reason', 'settled', '--by', 'bert', '--json'])
    expect([twice.status, twice.json<CliError>().error.code]).toEqual([3, 'conflict'])
  })

  it('previews without writing, runs what was approved, and does nothing the second time', async () => {
    const { previews } = await json<{ previews: { ruleId: string; due: number; go: number }[] }>(
      'retention',
      'preview',
    )
    const calls = previews.find((one) => one.ruleId === 'calls') as { due: number; go: number }
    expect(calls.go).toBeGreaterThan(0)
    const refused = await desk.run(['retention', 'run', '--rule', 'calls', '--json'])
    expect([refused.status, refused.json<CliError>().error]).toEqual([
      3,
      expect.objectContaining({
        code: 'refused',
        message: expect.stringMatching(/retention\/calls\.yaml:\d+/),
      }),
    ])
    expect((await json<{ previews: unknown[] }>('retention', 'preview', '--rule', 'calls')).previews).toEqual(
      [expect.objectContaining(calls)],
    )
    expect(await desk.run(['retention', 'approve', '--rule', 'calls', '--by', 'nobody'])).toMatchObject({
      status: 2,
    })
    await json('retention', 'approve', '--rule', 'calls', '--by', 'bert')
    const { runs } = await json<{
      runs: { status: string; counts: { done: number }; certificate: object }[]
    }>('retention', 'run', '--rule', 'calls', '--by', 'bert')
    expect(runs).toEqual([
      expect.objectContaining({
        status: 'done',
        counts: expect.objectContaining({ done: calls.go }),
        certificate: expect.objectContaining({ schema: 1 }),
      }),
    ])
    const again = await json<{ runs: { counts: { done: number } }[] }>('retention', 'run', '--rule', 'calls')
    expect(again.runs[0]?.counts.done).toBe(0)
    const all = await desk.run(['retention', 'run', '--json'])
    expect(all.status).toBe(3)
    expect(all.json<{ runs: { ruleId: string; status: string }[] }>().runs).toContainEqual(
      expect.objectContaining({ ruleId: 'sends', status: 'not approved' }),
    )
    expect(
      (await json<{ runs: unknown[] }>('retention', 'runs', '--rule', 'calls')).runs.length,
    ).toBeGreaterThanOrEqual(2)
    expect(await desk.run(['retention', 'preview', '--on', 'tomorrow'])).toMatchObject({ status: 2 })
  })

  it('shows stores, their drift, and every column that nobody declared', async () => {
    const { stores } = await json<{ stores: { name: string; reachable: boolean }[] }>('store', 'list')
    expect(stores.map((one) => [one.name, one.reachable])).toEqual([
      ['tickets', true],
      ['calls', true],
      ['marketing', true],
    ])
    expect(await json('store', 'coverage', 'calls')).toMatchObject({ unknownColumns: 0 })
    expect(await json('store', 'check')).toMatchObject({ ok: true, findings: [] })
    const { default: Sqlite } = await import('better-sqlite3')
    const db = new Sqlite(join(desk.home, 'stores', 'calls.db'))
    db.exec('alter table calls add column second_email text')
    db.close()
    const uncovered = await desk.run(['store', 'coverage', '--json'])
    expect([uncovered.status, uncovered.json()]).toEqual([1, expect.objectContaining({ unknownColumns: 1 })])
    const drifted = await desk.run(['store', 'check', '--json'])
    expect([drifted.status, drifted.out]).toEqual([1, expect.stringContaining('second_email')])
    const misspelt = await desk.run(['store', 'check', 'call', '--json'])
    expect([misspelt.status, misspelt.json<CliError>().error.hint]).toEqual([2, 'Did you mean calls?'])
  })

  it('keeps every answer one JSON document, and words for people without it', async () => {
    for (const argv of [
      ['user', 'list'],
      ['token', 'list'],
      ['hold', 'list'],
      ['store', 'list'],
      ['request', 'list'],
      ['retention', 'preview'],
      ['ledger', 'verify'],
      ['work', '--until-idle'],
    ]) {
      const said = await desk.run([...argv, '--json'])
      expect(typeof JSON.parse(said.out)).toBe('object')
      const words = await desk.run(argv)
      expect(words.out.trim()).not.toBe('')
      expect(words.out).not.toMatch(/^[[{]/)
    }
    expect(readFileSync(join(policies, 'stores.yaml'), 'utf8')).toContain('tickets')
  })
})
