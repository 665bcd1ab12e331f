import type { Actor } from '../../src/base/actor.ts'
import { gatherEvidence } from '../../src/evidence/gather.ts'
import type { Evidence } from '../../src/evidence/model.ts'
import { append } from '../../src/ledger/append.ts'
import { checkpoint } from '../../src/ledger/checkpoint.ts'
import { publicKeys } from '../../src/ledger/signing.ts'
import { fixedClock, type FixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

export const actor: Actor = { kind: 'system', id: 'test' }
export const subject = 'request:R-7K3M-9QTX'

export interface EvidenceDesk {
  readonly at: TestDatabase
  readonly clock: FixedClock
  write(about: string, ...types: readonly string[]): Promise<void>
  sign(): ReturnType<typeof checkpoint>
  gather(scope?: Evidence['scope'], about?: string): Promise<Evidence>
  fingerprint(): Promise<string>
}

/** A ledger in which a request runs its course between other entries, with checkpoints on the way. */
export async function evidenceDesk(): Promise<EvidenceDesk> {
  const clock = fixedClock()
  const at = await testDatabase(clock)
  const write = async (about: string, ...types: readonly string[]) => {
    clock.advance(1000)
    await at.db.transact(async (tx) => {
      for (const type of types)
        await append({ actor, tx }, { type, subject: about, body: { code: 'x<y', rows: 3 } })
    })
  }
  const sign = () => {
    clock.advance(60_000)
    return at.db.transact((tx) => checkpoint({ actor, tx }))
  }
  await write('rule:calls', 'retention.batch', 'retention.batch')
  await write(subject, 'request.received', 'engine.ordered')
  await sign()
  await write('officer:ada', 'officer.signed-in')
  await write(subject, 'engine.planned')
  await write('rule:calls', 'retention.batch')
  await write(subject, 'request.decided', 'engine.done')
  await sign()
  await write('rule:calls', 'retention.batch')
  await write(subject, 'request.answered', 'request.closed')
  await write('rule:calls', 'retention.batch')
  return {
    at,
    clock,
    write,
    sign,
    async gather(scope = 'request', about = subject) {
      clock.advance(1000)
      const issuer = { name: 'Example B.V.', url: 'https://privacy.example.org' }
      return at.db.transact((tx) => gatherEvidence({ actor, clock, tx }, { subject: about, scope, issuer }))
    },
    fingerprint: async () => (await at.db.read(publicKeys)).at(-1)?.key ?? '',
  }
}
