import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { postgresMissing } from './test/support/servers.ts'

// Rooms that keep rows in the service's own tables run on both dialects; the rest once.
const plain = ['base', 'stores', 'datamap', 'demo', 'architecture']
const onBoth = [
  'ops',
  'ledger',
  'evidence',
  'holds',
  'engine',
  'export',
  'notify',
  'requests',
  'retention',
  'officers',
  'web',
  'cli',
  'journeys',
]
const tests = (folders: string[]) => folders.map((folder) => `test/${folder}/**/*.test.ts`)

/** `*.once.test.ts`: what knows no database; on SQLite only. */
const dialect = (name: 'sqlite' | 'postgres', include: string[]) => ({
  test: {
    name,
    include,
    exclude: name === 'sqlite' ? [] : ['**/*.once.test.ts'],
    env: { LETHE_TEST_DIALECT: name },
  },
})

export default defineConfig({
  test: {
    globalSetup: ['test/support/broker.ts'],
    // Files of a worker share what they import: loading it anew for each took as long as the tests themselves.
    isolate: false,
    // Much of a test is waiting: for a disk, a server, a browser, a child process.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { test: { name: 'plain', include: tests(plain) } },
      dialect('sqlite', tests(onBoth)),
      // One file that says why stands in for the whole project where there is no server.
      dialect('postgres', postgresMissing() ? ['test/support/no-postgres.test.ts'] : tests(onBoth)),
    ],
  },
})
