import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const script = join(import.meta.dirname, 'support/build-much.ts')
const long = process.env['LETHE_TEST_LONG'] === '1'

interface Figures {
  readonly rows: number
  readonly plainMib: number
  readonly peakMib: number
  readonly faults: number
}

/** Builds and checks so many megabytes of rows in a process of its own. */
async function build(megabytes: number): Promise<Figures> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, String(megabytes)])
  return JSON.parse(stdout) as Figures
}

test('memory does not grow with the rows', { timeout: 240_000 }, async () => {
  const few = await build(5)
  const many = await build(long ? 300 : 80)
  expect(many.rows).toBe((long ? 300 : 80) * 1024)
  expect(many.plainMib).toBeGreaterThan(long ? 600 : 160)
  expect([few.faults, many.faults]).toEqual([0, 0])
  // What the heap takes before it collects; the rows alone are more.
  expect(many.peakMib - few.peakMib).toBeLessThan(72)
})
