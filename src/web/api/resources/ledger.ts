import { z } from '@hono/zod-openapi'
import { LetheError } from '../../../base/errors.ts'
import { listEntries } from '../../../ledger/list.ts'
import { faultKinds } from '../../../ledger/faults.ts'
import { verifyLedger } from '../../../ledger/verify.ts'
import { type Api, reads } from '../endpoint.ts'
import { cursor, instant, limit, next } from '../schemas/shared.ts'

const tag = 'Ledger'

const entry = z
  .object({
    seq: z.int(),
    at: instant,
    actorKind: z.string(),
    actorId: z.string(),
    type: z.string().openapi({ example: 'request.decided' }),
    subject: z.string().openapi({ example: 'request:R-7K3M-9QTX' }),
    body: z.record(z.string(), z.unknown()),
    previous: z.string(),
    hash: z.string(),
  })
  .openapi('Entry')

const verified = z
  .object({
    ok: z.boolean(),
    entries: z.int(),
    head: z.string(),
    checkpoints: z.int(),
    uncovered: z.int().openapi({ description: 'Entries that no checkpoint covers yet.' }),
    forgotten: z.int().openapi({ description: 'Entries whose content was destroyed as the ledger says.' }),
    checkpointAt: instant.nullable(),
    faults: z.array(
      z.object({
        seq: z.int(),
        fault: z.enum(faultKinds),
        message: z.string(),
      }),
    ),
  })
  .openapi('Verified')

/** The chain of what was done and why (Art. 5(2)). */
export function ledgerResources(api: Api): void {
  reads(api, {
    path: '/ledger/entries',
    tag,
    summary: 'Entries, newest first',
    scope: 'ledger.read',
    query: z.object({
      subject: z.string().max(200).optional(),
      type: z.string().max(200).optional(),
      cursor,
      limit,
    }),
    answer: z.object({ items: z.array(entry), next }).openapi('Entries'),
    run: async ({ reader }, { query }) => {
      const size = query.limit ?? 50
      const items = await listEntries(reader, {
        ...(query.subject === undefined ? {} : { subject: query.subject }),
        ...(query.type === undefined ? {} : { type: query.type }),
        ...(query.cursor === undefined ? {} : { before: readCursor(query.cursor) }),
        limit: size + 1,
      })
      const page = items.slice(0, size)
      return { items: page, next: items.length > size ? String(page.at(-1)?.seq) : null }
    },
  })
  reads(api, {
    path: '/ledger/verify',
    tag,
    summary: 'Read the whole chain and name every changed, removed or inserted entry',
    scope: 'ledger.read',
    answer: verified,
    run: async ({ reader }) => {
      const found = await verifyLedger(reader)
      return { ok: found.faults.length === 0, ...found }
    },
  })
}

/** The number of the last one seen. */
export function readCursor(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw new LetheError('invalid', 'this is no cursor of this list', { hint: 'Start without one.' })
}
