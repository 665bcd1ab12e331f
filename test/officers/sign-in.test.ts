import { describe, expect, test } from 'vitest'
import { hashPassword } from '../../src/officers/password.ts'
import { readSession, signOut, signOutEverywhere } from '../../src/officers/sessions.ts'
import { signIn } from '../../src/officers/sign-in.ts'
import { disableOfficer, enableOfficer } from '../../src/officers/standing.ts'
import { tables } from '../../src/officers/tables.ts'
import { setPassword } from '../../src/officers/links.ts'
import { desk, password } from './support.ts'

const at = desk()
const enter = (name: string, word = password, address = '192.0.2.1') =>
  signIn(at.db, { name, password: word, address })
const minutes = (n: number) => n * 60_000

describe('signing in', () => {
  test('the right password opens a session, whatever the case of the name', async () => {
    const mila = await at.officer('Mila@example.org', 'approver')
    const { secret, officer } = await enter('  mila@EXAMPLE.org ')
    expect(officer.id).toBe(mila.id)
    const session = await readSession(at.db, secret)
    expect(session?.officer).toMatchObject({ name: 'Mila@example.org', role: 'approver' })
  })

  test('a wrong password, an unknown name and a disabled officer get the same words', async () => {
    const mila = await at.officer('mila')
    await at.officer('admin', 'admin')
    await at.verb((ctx) => disableOfficer(ctx, { officerId: mila.id }))
    const said = []
    for (const [name, word] of [
      ['admin', 'something else here'],
      ['nobody', password],
      ['mila', password],
    ] as const)
      said.push(
        await enter(name, word).catch((e: { code: string; message: string; hint: string }) => [
          e.code,
          e.message,
          e.hint,
        ]),
      )
    expect(said[0]?.[0 as never]).toBe('unauthenticated')
    expect(said[1]).toEqual(said[0])
    expect(said[2]).toEqual(said[0])
  })

  test('neither password nor session secret nor name stands in the tables', async () => {
    await at.officer('mila@example.org')
    const { secret } = await enter('mila@example.org')
    const rows = await at.db.session((s) => s.rows('select * from officer, officer_session, officer_attempt'))
    const text = JSON.stringify(rows)
    expect(rows.length).toBeGreaterThan(0)
    for (const word of [secret, password, 'mila', 'argon2', '192.0.2.1']) expect(text).not.toContain(word)
  })

  test('passwords are kept as argon2id', async () => {
    await at.officer('mila')
    const [row] = await at.db.read((r) => r.q.select().from(tables(r).officer))
    expect(row?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  test.each([
    ['', /fewer than 12/],
    ['short', /fewer than 12/],
    ['x'.repeat(257), /more than 256/],
    ['abababababab', /same few/],
    ['mila and the river', /name it belongs to/],
  ])('the password %j is refused', async (word, why) => {
    await expect(hashPassword(word, 'mila@example.org')).rejects.toThrow(why)
  })
})

describe('limits', () => {
  test('after five wrong tries the right password is refused too, until 15 minutes are over', async () => {
    await at.officer('mila')
    for (let i = 0; i < 5; i++)
      await expect(enter('mila', 'wrong wrong wrong', `192.0.2.${i}`)).rejects.toMatchObject({
        code: 'unauthenticated',
      })
    await expect(enter('mila', password, '192.0.2.99')).rejects.toMatchObject({ code: 'too_many' })
    at.clock.advance(minutes(15) - 1)
    await expect(enter('mila', password, '192.0.2.99')).rejects.toMatchObject({
      code: 'too_many',
      hint: 'Try again in 1 minute.',
    })
    at.clock.advance(1)
    await expect(enter('mila', password, '192.0.2.99')).resolves.toBeTruthy()
  })

  test('an address is stopped after five wrong names, another address is not', async () => {
    await at.officer('mila')
    for (let i = 0; i < 5; i++) await enter(`guess${i}`).catch(() => undefined)
    await expect(enter('mila')).rejects.toMatchObject({ code: 'too_many' })
    await expect(enter('mila', password, '192.0.2.2')).resolves.toBeTruthy()
  })

  test('tries at the same time are counted as well', async () => {
    await at.officer('mila')
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) => enter('mila', 'wrong wrong wrong', `192.0.2.${i}`)),
    )
    const codes = tries.map((t) => (t.status === 'rejected' ? (t.reason as { code: string }).code : 'in'))
    expect(codes.filter((c) => c === 'unauthenticated')).toHaveLength(5)
    expect(codes.filter((c) => c === 'too_many')).toHaveLength(7)
  })

  test('right passwords use up nothing', async () => {
    await at.officer('mila')
    for (let i = 0; i < 8; i++) await expect(enter('mila')).resolves.toBeTruthy()
  })

  test('the ledger says that a limit was reached, not whose name was guessed', async () => {
    for (let i = 0; i < 5; i++) await enter('nobody@example.org').catch(() => undefined)
    const entries = await at.entries()
    expect(entries.map((e) => e.type)).toEqual(['officer.tries-used-up', 'officer.tries-used-up'])
    expect(JSON.stringify(entries)).not.toContain('nobody')
  })
})

describe('sessions', () => {
  test('an idle session ends after one hour, to the millisecond', async () => {
    await at.officer('mila')
    const { secret } = await enter('mila')
    at.clock.advance(minutes(60) - 1)
    expect(await readSession(at.db, secret)).toBeDefined()
    at.clock.advance(minutes(60) - 1)
    expect(await readSession(at.db, secret)).toBeDefined()
    at.clock.advance(minutes(60))
    expect(await readSession(at.db, secret)).toBeUndefined()
  })

  test('a busy session ends after twelve hours', async () => {
    await at.officer('mila')
    const { secret } = await enter('mila')
    for (let i = 0; i < 23; i++) {
      at.clock.advance(minutes(30))
      expect(await readSession(at.db, secret)).toBeDefined()
    }
    at.clock.advance(minutes(30) - 1)
    expect(await readSession(at.db, secret)).toBeDefined()
    at.clock.advance(1)
    expect(await readSession(at.db, secret)).toBeUndefined()
  })

  test('signing out ends one session, signing out everywhere all of that officer’s', async () => {
    const mila = await at.officer('mila')
    await at.officer('noor')
    const secrets = [(await enter('mila')).secret, (await enter('mila')).secret, (await enter('mila')).secret]
    const noor = (await enter('noor')).secret
    const first = await readSession(at.db, secrets[0] as string)
    await at.verb((ctx) => signOut(ctx, { sessionId: first?.sessionId as string }))
    const open = async () =>
      Promise.all(secrets.map(async (s) => (await readSession(at.db, s)) !== undefined))
    expect(await open()).toEqual([false, true, true])
    expect(await at.verb((ctx) => signOutEverywhere(ctx, { officerId: mila.id }))).toBe(2)
    expect(await open()).toEqual([false, false, false])
    expect(await readSession(at.db, noor)).toBeDefined()
  })

  test('a new password ends every session', async () => {
    const mila = await at.officer('mila')
    const { secret } = await enter('mila')
    const fresh = await hashPassword('another quiet harbour wind')
    await at.verb((ctx) => setPassword(ctx, { officerId: mila.id, password: fresh }))
    expect(await readSession(at.db, secret)).toBeUndefined()
    await expect(enter('mila')).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(enter('mila', 'another quiet harbour wind')).resolves.toBeTruthy()
  })

  test('shutting an officer out ends the sessions for good', async () => {
    const mila = await at.officer('mila')
    const { secret } = await enter('mila')
    await at.verb((ctx) => disableOfficer(ctx, { officerId: mila.id }))
    expect(await readSession(at.db, secret)).toBeUndefined()
    await at.verb((ctx) => enableOfficer(ctx, { officerId: mila.id }))
    expect(await readSession(at.db, secret)).toBeUndefined()
    await expect(enter('mila')).resolves.toBeTruthy()
  })

  test('a made-up secret is nobody’s session', async () => {
    expect(await readSession(at.db, 'x'.repeat(43))).toBeUndefined()
  })
})
