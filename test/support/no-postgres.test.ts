import { test } from 'vitest'
import { mustNotSkip, postgresMissing } from './servers.ts'

const missing = postgresMissing() ?? 'nothing is missing'

test.skipIf(!mustNotSkip)(`the service's own suite on PostgreSQL (${missing})`, () => {
  throw new Error(`${missing}; LETHE_TEST_NO_SKIP=1 wants every suite to run`)
})
