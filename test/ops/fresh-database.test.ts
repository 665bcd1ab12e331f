import { expect, test } from 'vitest'
import { testDatabase, testDialect } from '../support/database.ts'

test('each test has a migrated database of its own, in the dialect of its project', async () => {
  const [one, other] = await Promise.all([testDatabase(), testDatabase()])
  expect(one.db.dialect).toBe(testDialect)
  expect(one.url).not.toBe(other.url)
  expect((await one.db.rows('select name from migration')).length).toBeGreaterThan(0)
  await one.close()
  expect((await other.db.rows('select name from migration')).length).toBeGreaterThan(0)
  await other.close()
})
