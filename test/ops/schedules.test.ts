import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Instant } from '../../src/base/instant.ts'
import { tables } from '../../src/ops/jobs/tables.ts'
import { fireDue, nextSlot, type ScheduleDefinition, syncSchedules } from '../../src/ops/schedules.ts'
import { fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const clock = fixedClock()
let at: TestDatabase
beforeEach(async () => {
  clock.set('2026-03-01T12:00:00.000Z' as Instant)
  at = await testDatabase(clock)
  await syncSchedules(at.db, [nightly])
})
afterEach(() => at.close())

const nightly: ScheduleDefinition = {
  name: 'nightly',
  cron: '0 2 * * *',
  timezone: 'Europe/Amsterdam',
  job: 'test',
  input: (slot) => ({ slot }),
}
const jobs = () => at.db.read((reader) => reader.q.select().from(tables(reader).job))
const hours = (n: number) => clock.advance(n * 3_600_000)

describe('a schedule', () => {
  it('does not fire before its time and fires once at it', async () => {
    expect(await fireDue(at.db, [nightly])).toEqual([])
    hours(13)
    expect(await fireDue(at.db, [nightly])).toEqual(['nightly'])
    expect(await fireDue(at.db, [nightly])).toEqual([])
    expect((await jobs()).map((job) => job.input)).toEqual([{ slot: '2026-03-02T01:00:00.000Z' }])
  })

  it('fires once per slot across replicas', async () => {
    hours(13)
    const fired = await Promise.all([
      fireDue(at.db, [nightly]),
      fireDue(at.db, [nightly]),
      fireDue(at.db, [nightly]),
    ])
    expect(fired.flat()).toEqual(['nightly'])
    expect(await jobs()).toHaveLength(1)
  })

  it('catches up once after days of downtime, then keeps its hour', async () => {
    hours(24 * 5)
    expect(await fireDue(at.db, [nightly])).toEqual(['nightly'])
    expect(await fireDue(at.db, [nightly])).toEqual([])
    hours(13)
    expect(await fireDue(at.db, [nightly])).toEqual(['nightly'])
  })

  it('keeps its slot when the service starts again, and reckons anew when its line changed', async () => {
    hours(13)
    await syncSchedules(at.db, [nightly])
    expect(await fireDue(at.db, [nightly])).toEqual(['nightly'])
    const later = { ...nightly, cron: '0 5 * * *' }
    await syncSchedules(at.db, [later])
    hours(2)
    expect(await fireDue(at.db, [later])).toEqual([])
    hours(2)
    expect(await fireDue(at.db, [later])).toEqual(['nightly'])
  })

  it('that was taken off the page fires no more', async () => {
    await syncSchedules(at.db, [])
    hours(48)
    expect(await fireDue(at.db, [])).toEqual([])
  })
})

describe('the next slot', () => {
  const at02 = (from: string) => nextSlot('30 2 * * *', 'Europe/Amsterdam', from as Instant)
  it('comes on the spring day although 02:30 does not exist', () => {
    expect(at02('2026-03-28T12:00:00.000Z')).toBe('2026-03-29T01:00:00.000Z')
  })
  it('comes once on the autumn day although 02:30 is there twice', () => {
    const first = at02('2026-10-24T12:00:00.000Z')
    expect(first).toBe('2026-10-25T00:30:00.000Z')
    expect(at02(first)).toBe('2026-10-26T01:30:00.000Z')
  })
  it('of an expression that is none is refused with what to write', () => {
    expect(() => nextSlot('every night', 'Europe/Amsterdam', '2026-01-01T00:00:00.000Z' as Instant)).toThrow(
      'is not a schedule',
    )
  })
})
