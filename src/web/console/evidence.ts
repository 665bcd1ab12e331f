import { Readable } from 'node:stream'
import { writeBundle } from '../../evidence/write.ts'
import { showRequest } from '../../requests/show.ts'
import { evidenceOf } from '../evidence.ts'
import { zip } from '../zip.ts'
import { actorOf, type ConsoleContext, type ConsoleKit, demand, lookAs } from './env.ts'

/** The evidence bundle of a request: what the ledger says of it, with proofs and a page that verifies them offline. */
export const evidenceFile = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'ledger.read')
  const { reference, language } = await lookAs(kit, c, (ctx) =>
    showRequest(ctx, { reference: c.req.param('reference') ?? '' }),
  )
  const evidence = await evidenceOf(kit.deps, actorOf(c), { reference, scope: 'request' })
  const bytes = await lookAs(kit, c, ({ reader }) => writeBundle(reader, { evidence, language }))
  return zip(c, Readable.from([bytes]), { fileName: `evidence-${reference}.zip`, bytes: bytes.length })
}
