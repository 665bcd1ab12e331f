import { expect, test } from 'vitest'
import { mustNotSkip, postgresMissing } from './servers.ts'

const missing = postgresMissing()

test.skipIf(!mustNotSkip)(`the service's own suite on PostgreSQL (${missing})`, () => {
  expect(missing, 'LETHE_TEST_NO_SKIP=1 wants every suite to run').toBeUndefined()
})
