import { z } from '@hono/zod-openapi'
import { acceptAlso, finishTask, settleRows, unsettledOf } from '../../../requests/settle.ts'
import { type Api, reads, writes } from '../endpoint.ts'
import { stood } from '../schemas/requests.ts'
import { reference } from '../schemas/shared.ts'
import { stoodNow } from './requests.ts'

const tag = 'Requests'
const verdict = z.enum(['owned', 'shared', 'none']).openapi({
  description: 'owned: the person’s; shared: the person’s and others’; none: somebody else’s.',
})

/** What the search could not know by itself, and what only people can do. */
export function settleResources(api: Api): void {
  const { db, purge } = api.deps
  reads(api, {
    path: '/requests/{reference}/doubt',
    tag,
    summary: 'Rows that wait for a word, and records that may be the same person’s',
    description:
      'Read from the stores now; holds personal data of several people. At most 50 rows of each collection.',
    scope: 'request.decide',
    params: reference,
    answer: z
      .object({
        rows: z.array(
          z.object({
            collectionId: z.string(),
            store: z.string(),
            row: z.string().openapi({ description: 'Names the row when it is decided.' }),
            key: z.array(z.string().nullable()),
            values: z.record(z.string(), z.string().nullable()),
          }),
        ),
        candidates: z.array(
          z.object({
            kind: z.string(),
            value: z.string(),
            why: z.enum(['own record', 'tag', 'dots', 'name']),
            store: z.string(),
            collection: z.string(),
          }),
        ),
      })
      .openapi('Doubt'),
    run: async (_, { params }) => {
      const { rows, candidates } = await unsettledOf(purge, db, params)
      return {
        rows: rows.map(({ collectionId, store, row, key, values }) => ({
          collectionId,
          store,
          row,
          key: [...key],
          values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(value)])),
        })),
        candidates: [...candidates],
      }
    },
  })
  writes(api, {
    path: '/requests/{reference}/doubt',
    tag,
    summary: 'Say whose rows are; the plan is drawn anew',
    scope: 'request.decide',
    params: reference,
    body: z
      .strictObject({
        rows: z.array(z.strictObject({ collectionId: z.string(), row: z.string(), verdict })).min(1),
      })
      .openapi('Verdicts'),
    answer: stood,
    run: async (ctx, { params, body }) => {
      await settleRows(ctx, { ...params, ...body })
      return stoodNow(ctx, params.reference)
    },
  })
  writes(api, {
    path: '/requests/{reference}/candidates',
    tag,
    summary: 'Take an address, number or record for the same person’s; the plan is drawn anew',
    scope: 'request.decide',
    params: reference,
    body: z.strictObject({ kind: z.string(), value: z.string(), because: z.string() }).openapi('Acceptance'),
    answer: stood,
    run: async (ctx, { params, body: { kind, value, because } }) => {
      await acceptAlso(ctx, { ...params, identity: { kind, value }, because })
      return stoodNow(ctx, params.reference)
    },
  })
  writes(api, {
    path: '/requests/{reference}/tasks/{task}',
    tag,
    summary: 'Say how a task was done; the last one ends the request',
    scope: 'request.work',
    params: reference.extend({ task: z.string().openapi({ param: { name: 'task', in: 'path' } }) }),
    body: z.strictObject({ note: z.string() }).openapi('TaskDone'),
    answer: stood,
    run: async (ctx, { params, body }) => {
      await finishTask(ctx, { reference: params.reference, taskId: params.task, note: body.note })
      return stoodNow(ctx, params.reference)
    },
  })
}

const textOf = (value: string | Uint8Array | null): string | null =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
