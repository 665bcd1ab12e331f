import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { mustNotSkip } from './servers.ts'

/** A server for tests, or why there is none. */
export type Found =
  | { readonly url: string; readonly missing?: undefined }
  | { readonly url?: undefined; readonly missing: string }

/** Asks the run's broker for a server. A missing one is a reason to skip by, or an error where none may be skipped. */
export async function askFor(kind: 'postgres' | 'mariadb'): Promise<Found> {
  const answer = await fetch(`${inject('run').broker}/${kind}`)
  if (!answer.ok) throw new Error(`${kind} did not start: ${await answer.text()}`)
  const found = (await answer.json()) as Found
  if (found.missing && mustNotSkip)
    throw new Error(`${found.missing}; LETHE_TEST_NO_SKIP=1 wants every suite to run`)
  return found
}

let made = 0

/** A database name that no other test of this or another run has. */
export const freshName = (): string => `lethe_${inject('run').name}_${process.pid}_${++made}`

/** An empty folder of its own, gone with the run. */
export function freshFolder(): string {
  const folder = join(inject('run').folder, freshName())
  mkdirSync(folder)
  return folder
}
