import { describe, expect, test } from 'vitest'
import { instantOf } from '../../src/base/instant.ts'
import { addOfficer } from '../../src/officers/add.ts'
import { createToken, listTokens, revokeToken, verifyToken } from '../../src/officers/api-tokens.ts'
import {
  linkMs,
  newFirstLink,
  newPasswordLink,
  readLink,
  useFirstLink,
  usePasswordLink,
} from '../../src/officers/links.ts'
import { listOfficers, officerByName } from '../../src/officers/officer.ts'
import { hashPassword } from '../../src/officers/password.ts'
import { actions, may, roles } from '../../src/officers/roles.ts'
import { signIn } from '../../src/officers/sign-in.ts'
import { disableOfficer, setRole } from '../../src/officers/standing.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { desk, password } from './support.ts'

const at = desk()
const mustExist = (token: string | undefined): string => {
  if (token === undefined) throw new Error('no link was made')
  return token
}

describe('the first link', () => {
  test('makes the first admin, once', async () => {
    const token = mustExist(await at.verb((ctx) => newFirstLink(ctx)))
    expect((await at.db.read((r) => readLink(r, token))).purpose).toBe('first')
    const hash = await hashPassword(password)
    const made = await at.verb((ctx) => useFirstLink(ctx, { token, name: 'ida', password: hash }))
    expect(made.role).toBe('admin')
    await expect(
      at.verb((ctx) => useFirstLink(ctx, { token, name: 'eve', password: hash })),
    ).rejects.toMatchObject({ code: 'expired' })
    await expect(signIn(at.db, { name: 'ida', password, address: '::1' })).resolves.toBeTruthy()
    expect(await at.verb((ctx) => newFirstLink(ctx))).toBeUndefined()
  })

  test('used twice at once makes one admin', async () => {
    const token = mustExist(await at.verb((ctx) => newFirstLink(ctx)))
    const hash = await hashPassword(password)
    const both = await Promise.allSettled(
      ['ida', 'eve'].map((name) => at.verb((ctx) => useFirstLink(ctx, { token, name, password: hash }))),
    )
    expect(both.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
    expect(await at.db.read((r) => listOfficers(r))).toHaveLength(1)
  })

  test('of several starts only the last link works, and only for a day', async () => {
    const old = mustExist(await at.verb((ctx) => newFirstLink(ctx)))
    const token = mustExist(await at.verb((ctx) => newFirstLink(ctx)))
    await expect(at.db.read((r) => readLink(r, old))).rejects.toMatchObject({ code: 'expired' })
    at.clock.advance(linkMs - 1)
    expect((await at.db.read((r) => readLink(r, token))).purpose).toBe('first')
    at.clock.advance(1)
    await expect(at.db.read((r) => readLink(r, token))).rejects.toMatchObject({ code: 'expired' })
  })

  test('does nothing where an officer was made by other means meanwhile', async () => {
    const token = mustExist(await at.verb((ctx) => newFirstLink(ctx)))
    await at.officer('ida', 'officer')
    const hash = await hashPassword(password)
    await expect(
      at.verb((ctx) => useFirstLink(ctx, { token, name: 'eve', password: hash })),
    ).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('an invited officer', () => {
  test('has no password until the link sets one', async () => {
    const noor = await at.verb((ctx) => addOfficer(ctx, { name: 'noor', role: 'auditor' }))
    await expect(signIn(at.db, { name: 'noor', password, address: '::1' })).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    const token = await at.verb((ctx) => newPasswordLink(ctx, { officerId: noor.id }))
    const hash = await hashPassword(password)
    await at.verb((ctx) => usePasswordLink(ctx, { token, password: hash }))
    await expect(signIn(at.db, { name: 'noor', password, address: '::1' })).resolves.toBeTruthy()
    await expect(at.verb((ctx) => usePasswordLink(ctx, { token, password: hash }))).rejects.toMatchObject({
      code: 'expired',
    })
  })
})

describe('officers', () => {
  test('a name is given once, in any spelling of case', async () => {
    await at.officer('Mila')
    await expect(at.officer('mila ')).rejects.toMatchObject({ code: 'conflict' })
    expect((await at.db.read((r) => officerByName(r, 'MILA'))).name).toBe('Mila')
  })

  test('the last admin can neither be disabled nor given another role', async () => {
    const ida = await at.officer('ida', 'admin')
    const invited = await at.verb((ctx) => addOfficer(ctx, { name: 'not here yet', role: 'admin' }))
    await expect(at.verb((ctx) => disableOfficer(ctx, { officerId: ida.id }))).rejects.toMatchObject({
      code: 'refused',
    })
    await expect(
      at.verb((ctx) => setRole(ctx, { officerId: ida.id, role: 'auditor' })),
    ).rejects.toMatchObject({ code: 'refused' })
    await at.officer('eva', 'admin')
    await at.verb((ctx) => setRole(ctx, { officerId: ida.id, role: 'auditor' }))
    expect((await at.db.read((r) => officerByName(r, 'ida'))).role).toBe('auditor')
    expect(invited.hasPassword).toBe(false)
  })

  test('what was done to officers stands in the ledger, without names', async () => {
    const ida = await at.officer('ida', 'admin')
    await at.officer('eva', 'admin')
    await at.verb((ctx) => setRole(ctx, { officerId: ida.id, role: 'officer' }))
    await at.verb((ctx) => disableOfficer(ctx, { officerId: ida.id }))
    const entries = await at.entries()
    expect(entries.map((e) => e.type)).toEqual([
      'officer.added',
      'officer.added',
      'officer.role-set',
      'officer.disabled',
    ])
    expect(JSON.stringify(entries)).not.toMatch(/\bida\b|\beva\b/)
    expect((await at.db.read((r) => verifyLedger(r))).faults).toEqual([])
  })
})

describe('roles', () => {
  test('an auditor reads and changes nothing', () => {
    expect(actions.filter((a) => may('auditor', a) && !a.endsWith('.read'))).toEqual([])
  })
  test('only approvers and admins approve', () => {
    expect(roles.filter((r) => may(r, 'request.approve'))).toEqual(['approver', 'admin'])
  })
  test('only admins manage officers', () => {
    expect(roles.filter((r) => may(r, 'officer.manage'))).toEqual(['admin'])
  })
})

describe('tokens', () => {
  test('act in their officer’s name, within scope and role', async () => {
    const mila = await at.officer('mila', 'approver')
    const { id, token } = await at.verb((ctx) =>
      createToken(ctx, { officerId: mila.id, title: 'nightly', scopes: ['request.read', 'request.approve'] }),
    )
    expect(token).toMatch(/^lethe_[\w-]{43}$/)
    const bearer = await verifyToken(at.db, token)
    expect(bearer?.actor).toEqual({ kind: 'officer', id: mila.id })
    expect(bearer?.tokenId).toBe(id)
    expect([bearer?.may('request.approve'), bearer?.may('hold.place')]).toEqual([true, false])
    await at.verb((ctx) => setRole(ctx, { officerId: mila.id, role: 'officer' }))
    expect((await verifyToken(at.db, token))?.may('request.approve')).toBe(false)
  })

  test('never reach further than the role that makes them', async () => {
    const mila = await at.officer('mila', 'auditor')
    await expect(
      at.verb((ctx) => createToken(ctx, { officerId: mila.id, title: 'x', scopes: ['request.decide'] })),
    ).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('stop when revoked, when over, and with their officer', async () => {
    await at.officer('ida', 'admin')
    const mila = await at.officer('mila')
    const make = (expiresAt?: string) =>
      at.verb((ctx) =>
        createToken(ctx, {
          officerId: mila.id,
          title: 'x',
          scopes: ['request.read'],
          ...(expiresAt ? { expiresAt: instantOf(Date.parse(expiresAt)) } : {}),
        }),
      )
    const [revoked, short, long] = [await make(), await make('2026-03-06T09:00:00Z'), await make()]
    await at.verb((ctx) => revokeToken(ctx, { id: revoked.id }))
    at.clock.set('2026-03-06T08:59:59.999Z')
    const work = async () =>
      Promise.all([revoked, short, long].map(async (t) => !!(await verifyToken(at.db, t.token))))
    expect(await work()).toEqual([false, true, true])
    at.clock.advance(1)
    expect(await work()).toEqual([false, false, true])
    await at.verb((ctx) => disableOfficer(ctx, { officerId: mila.id }))
    expect(await work()).toEqual([false, false, false])
  })

  test('are kept as hashes and listed without them', async () => {
    const mila = await at.officer('mila')
    const { token } = await at.verb((ctx) =>
      createToken(ctx, { officerId: mila.id, title: 'secret plan', scopes: ['request.read'] }),
    )
    const [raw] = await at.db.session((s) => s.rows('select * from api_token'))
    expect(JSON.stringify(raw)).not.toContain(token.slice(6))
    expect(JSON.stringify(raw)).not.toContain('secret plan')
    const [listed] = await at.db.read((r) => listTokens(r, { officerId: mila.id }))
    expect(listed).not.toHaveProperty('hash')
    expect(listed?.title).toBe('secret plan')
  })
})
