import { afterEach, beforeEach } from 'vitest'
import { system } from '../../src/base/actor.ts'
import type { Ctx, Database } from '../../src/ops/db/database.ts'
import { addOfficer } from '../../src/officers/add.ts'
import type { Officer } from '../../src/officers/officer.ts'
import { hashPassword } from '../../src/officers/password.ts'
import type { Role } from '../../src/officers/roles.ts'
import { tables as ledger } from '../../src/ledger/tables.ts'
import { type FixedClock, fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

export const password = 'copper lantern drifts north'

/** A fresh database for each test of a file. */
export function desk() {
  let test: TestDatabase
  const clock: FixedClock = fixedClock()
  beforeEach(async () => {
    clock.set('2026-03-05T09:00:00Z')
    test = await testDatabase(clock)
  })
  afterEach(() => test.close())
  const verb = <T>(work: (ctx: Ctx) => Promise<T>): Promise<T> =>
    test.db.transact((tx) => work({ actor: system('test'), clock, tx }))
  return {
    clock,
    get db(): Database {
      return test.db
    },
    verb,
    async officer(name: string, role: Role = 'officer'): Promise<Officer> {
      const hash = await hashPassword(password)
      return verb((ctx) => addOfficer(ctx, { name, role, password: hash }))
    },
    entries: () =>
      test.db.read(async (reader) => {
        const { ledgerEntry } = ledger(reader)
        return reader.q.select().from(ledgerEntry).orderBy(ledgerEntry.seq)
      }),
  }
}
