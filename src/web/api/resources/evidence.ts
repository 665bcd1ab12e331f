import { z } from '@hono/zod-openapi'
import { writeBundle } from '../../../evidence/write.ts'
import { checkpoints } from '../../../ledger/checkpoint.ts'
import { publicKeys } from '../../../ledger/signing.ts'
import { showRequest } from '../../../requests/show.ts'
import { evidenceOf } from '../../evidence.ts'
import { type Api, reads, streams } from '../endpoint.ts'
import { cursor, instant, limit, next, reference } from '../schemas/shared.ts'
import { readCursor } from './ledger.ts'

const key = z
  .object({
    fingerprint: z.string(),
    publicKey: z.string().openapi({ description: 'Ed25519, SPKI, hex.' }),
    statement: z.string(),
    signature: z.string(),
    endorsement: z.string().nullable().openapi({ description: 'By the key before; null for the first.' }),
  })
  .openapi('SigningKey')
const signed = z
  .object({ size: z.int(), at: instant, text: z.string(), signature: z.string() })
  .openapi('Checkpoint')

/** What others hold the service to: its keys, its checkpoints, the evidence of a request. */
export function evidenceResources(api: Api): void {
  reads(api, {
    path: '/ledger/keys',
    tag: 'Ledger',
    summary: 'The public signing keys, the one in force last',
    scope: 'ledger.read',
    answer: z.object({ items: z.array(key) }).openapi('SigningKeys'),
    run: async ({ reader }) => ({
      items: (await publicKeys(reader)).map(({ key: fingerprint, ...one }) => ({ fingerprint, ...one })),
    }),
  })
  reads(api, {
    path: '/ledger/checkpoints',
    tag: 'Ledger',
    summary: 'Signed checkpoints, oldest first',
    scope: 'ledger.read',
    query: z.object({ cursor, limit }),
    answer: z.object({ items: z.array(signed), next }).openapi('Checkpoints'),
    run: async ({ reader }, { query }) => {
      const size = query.limit ?? 50
      const from = query.cursor === undefined ? 0 : readCursor(query.cursor) + 1
      const found = await checkpoints(reader, { from, limit: size + 1 })
      const items = found.slice(0, size)
      return { items, next: found.length > size ? String(items.at(-1)?.size) : null }
    },
  })
  streams(api, 'get', {
    path: '/requests/{reference}/evidence',
    tag: 'Requests',
    summary: 'What the ledger says of a request, with proofs and a page that verifies them offline',
    scope: 'ledger.read',
    params: reference,
    media: 'application/zip',
    answer: z.string().openapi({ format: 'binary' }),
    run: async ({ params, bearer, c }) => {
      const { deps } = api
      const file = await deps.db.read((reader) => showRequest({ reader }, params))
      const evidence = await evidenceOf(deps, bearer.actor, { reference: file.reference, scope: 'request' })
      const bytes = await deps.db.read((reader) => writeBundle(reader, { evidence, language: file.language }))
      c.header('Content-Disposition', `attachment; filename="evidence-${file.reference}.zip"`)
      c.header('Content-Type', 'application/zip')
      return c.body(new Uint8Array(bytes))
    },
  })
}
