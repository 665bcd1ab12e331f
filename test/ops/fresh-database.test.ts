import { expect, test } from 'vitest'
import type { Database } from '../../src/ops/db/database.ts'
import { testDatabase, testDialect } from '../support/database.ts'

test('each test has a migrated database of its own, in the dialect of its project', async () => {
  const [one, other] = await Promise.all([testDatabase(), testDatabase()])
  expect(one.db.dialect).toBe(testDialect)
  expect(one.url).not.toBe(other.url)
  expect((await migrations(one.db)).length).toBeGreaterThan(0)
  await one.close()
  expect((await migrations(other.db)).length).toBeGreaterThan(0)
  await other.close()
})

const migrations = (db: Database) => db.session((session) => session.rows('select name from migration'))
