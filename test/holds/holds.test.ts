import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isLetheError } from '../../src/base/errors.ts'
import type { LocalDate } from '../../src/base/instant.ts'
import { liftHold } from '../../src/holds/lift.ts'
import { holdsInForce } from '../../src/holds/in-force.ts'
import { listHolds } from '../../src/holds/list.ts'
import { type NewHold, placeHold } from '../../src/holds/place.ts'
import { entries } from '../../src/ledger/list.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import type { Ctx } from '../../src/ops/db/database.ts'
import { fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const clock = fixedClock('2026-08-31T10:00:00Z')
const officer = { kind: 'officer', id: 'o-1' } as const
let test_: TestDatabase
beforeEach(async () => {
  clock.set('2026-08-31T10:00:00Z')
  test_ = await testDatabase(clock)
})
afterEach(() => test_.close())

const act = <T>(work: (ctx: Ctx) => Promise<T>): Promise<T> =>
  test_.db.transact((tx) => work({ actor: officer, clock, tx }))
const anns: NewHold = {
  scope: { kind: 'person', identities: [{ kind: 'email', value: 'Ann@Example.org ' }] },
  reason: 'Claim of Ann Lee about the call of 3 March',
  authority: 'District court, C/13/700001',
  reviewOn: '2026-12-01' as LocalDate,
  blocks: ['purge', 'erasure'],
}
async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of list) found.push(item)
  return found
}
const date = (text: string) => text as LocalDate

describe('a hold', () => {
  test('is in force from the moment it is placed until it is lifted, and never twice lifted', async () => {
    const { id } = await act((ctx) => placeHold(ctx, anns))
    expect(await test_.db.read((reader) => holdsInForce(reader, 'purge'))).toMatchObject([
      {
        id,
        scope: { kind: 'person', identities: [{ kind: 'email', value: 'Ann@Example.org' }] },
        startOn: '2026-08-31',
      },
    ])
    await act((ctx) => liftHold(ctx, { id, reason: 'settled' }))
    expect(await test_.db.read((reader) => holdsInForce(reader, 'purge'))).toEqual([])
    const [lifted] = await test_.db.read((reader) => listHolds(reader))
    expect(lifted?.lifted).toEqual({ by: 'o-1', at: '2026-08-31T10:00:00.000Z', reason: 'settled' })
    await expect(act((ctx) => liftHold(ctx, { id, reason: 'again' }))).rejects.toMatchObject({
      code: 'conflict',
    })
    await expect(act((ctx) => liftHold(ctx, { id: 'nope', reason: 'x' }))).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('blocks only what it says', async () => {
    await act((ctx) => placeHold(ctx, { ...anns, kind: 'restriction', blocks: ['purge'] }))
    expect(await test_.db.read((reader) => holdsInForce(reader, 'purge'))).toHaveLength(1)
    expect(await test_.db.read((reader) => holdsInForce(reader, 'erasure'))).toHaveLength(0)
  })

  test('stays in force when nobody reviewed it in time, and is shown as overdue', async () => {
    await act((ctx) => placeHold(ctx, anns))
    clock.set('2026-12-01T23:59:59Z')
    expect((await test_.db.read((reader) => listHolds(reader, { inForce: true })))[0]?.reviewOverdue).toBe(
      false,
    )
    clock.set('2026-12-02T00:00:00Z')
    expect((await test_.db.read((reader) => holdsInForce(reader, 'erasure')))[0]?.reviewOverdue).toBe(true)
  })

  test.each([
    ['on the last day of the sixth month, clamped', '2027-02-28', true],
    ['one day later', '2027-03-01', false],
    ['today', '2026-08-31', false],
    ['on no day at all', '2026-02-30', false],
  ])('may be reviewed %s: %s %s', async (_, reviewOn, allowed) => {
    const placed = act((ctx) => placeHold(ctx, { ...anns, reviewOn: date(reviewOn) }))
    expect(
      await placed.then(
        () => true,
        (error: unknown) => !isLetheError(error, 'invalid'),
      ),
    ).toBe(allowed)
  })

  test('starts on the day it is where the officer is', async () => {
    clock.set('2026-08-31T22:30:00Z')
    await act((ctx) =>
      placeHold(ctx, { ...anns, timezone: 'Europe/Amsterdam', reviewOn: date('2027-03-01') }),
    )
    expect((await test_.db.read((reader) => listHolds(reader)))[0]?.startOn).toBe('2026-09-01')
  })

  test.each<[string, Partial<NewHold>]>([
    ['no reason', { reason: '  ' }],
    ['no authority', { authority: '' }],
    ['nothing to block', { blocks: [] }],
    ['nobody', { scope: { kind: 'person', identities: [{ kind: 'email', value: ' ' }] } }],
    ['half a record', { scope: { kind: 'record', store: 'calls', collection: 'calls.call', key: [] } }],
  ])('with %s is refused as invalid, and leaves nothing', async (_, wrong) => {
    await expect(act((ctx) => placeHold(ctx, { ...anns, ...wrong }))).rejects.toMatchObject({
      code: 'invalid',
    })
    expect(await test_.db.read((reader) => listHolds(reader))).toEqual([])
  })

  test('leaves entries in the ledger that name nobody, and a row that names nobody in clear', async () => {
    const { id } = await act((ctx) => placeHold(ctx, anns))
    await act((ctx) => liftHold(ctx, { id, reason: 'Ann Lee withdrew' }))
    const written = await test_.db.read((reader) => all(entries(reader, { subject: `hold:${id}` })))
    expect(written.map((entry) => entry.type)).toEqual(['hold.placed', 'hold.lifted'])
    const rows = await test_.db.session((session) => session.rows('select * from hold'))
    const everything = JSON.stringify([written, rows]).toLowerCase()
    for (const secret of ['ann@', 'ann lee', 'c/13', 'claim']) expect(everything).not.toContain(secret)
    expect((await test_.db.read(verifyLedger)).faults).toEqual([])
  })

  test('names the same person by the same hash, however the address is spelled', async () => {
    await act((ctx) => placeHold(ctx, anns))
    await act((ctx) =>
      placeHold(ctx, {
        ...anns,
        scope: { kind: 'person', identities: [{ kind: 'email', value: 'ann@example.ORG' }] },
      }),
    )
    const written = await test_.db.read((reader) => all(entries(reader)))
    const [one, other] = written.map((entry) => entry.body['hashes'])
    expect(one).toEqual(other)
  })
})
