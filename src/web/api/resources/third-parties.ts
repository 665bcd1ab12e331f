import { z } from '@hono/zod-openapi'
import { othersIn, settleOthers, withheldFor } from '../../../requests/others.ts'
import { type Api, reads, writes } from '../endpoint.ts'
import { otherKind } from '../schemas/plan.ts'
import { stood } from '../schemas/requests.ts'
import { reference } from '../schemas/shared.ts'
import { stoodNow } from './requests.ts'

const tag = 'Requests'

/** Other people in a copy (Art. 15(4)): what names them, what becomes of it, and what was withheld. */
export function thirdPartyResources(api: Api): void {
  const { db, purge } = api.deps
  reads(api, {
    path: '/requests/{reference}/others',
    tag,
    summary: 'Passages of the copy that name other people',
    description:
      'Read from the stores now; holds personal data of several people. At most 50 passages of each collection, those that wait for an officer first.',
    scope: 'request.decide',
    params: reference,
    answer: z
      .object({
        passages: z.array(
          z.object({
            store: z.string(),
            collectionId: z.string(),
            key: z.array(z.string()),
            field: z.string(),
            kind: otherKind,
            value: z.string(),
            passage: z.string().openapi({ description: 'Names the passage in a choice.' }),
            around: z.object({ text: z.string(), start: z.int(), end: z.int() }),
            rule: z.enum(['hidden', 'left', 'open']),
            chosen: z.enum(['hide', 'leave']).optional(),
          }),
        ),
      })
      .openapi('Others'),
    run: async (_, { params }) => ({
      passages: (await othersIn(purge, db, params)).map(({ title: _title, key, around, chosen, ...one }) => ({
        ...one,
        key: [...key],
        around: { ...around },
        ...(chosen && { chosen }),
      })),
    }),
  })
  writes(api, {
    path: '/requests/{reference}/others',
    tag,
    summary: 'Say what becomes of other people in the copy',
    description: 'Of a collection, or of one passage, which counts more; `rule` takes an earlier word back.',
    scope: 'request.decide',
    params: reference,
    body: z
      .strictObject({
        choices: z
          .array(
            z.strictObject({
              collectionId: z.string(),
              passage: z.string().optional(),
              choice: z.enum(['hide', 'leave', 'rule']),
            }),
          )
          .min(1),
      })
      .openapi('OthersChoices'),
    answer: stood,
    run: async (ctx, { params, body }) => {
      await settleOthers(ctx, { ...params, ...body })
      return stoodNow(ctx, params.reference)
    },
  })
  reads(api, {
    path: '/requests/{reference}/withheld',
    tag,
    summary: 'The redaction log: where, what kind, by which rule; never what',
    scope: 'request.read',
    params: reference,
    answer: z
      .object({
        withheld: z.array(
          z.object({
            store: z.string(),
            collectionId: z.string(),
            row: z.string().openapi({ description: 'Keyed hash of the row’s key.' }),
            field: z.string(),
            kind: otherKind,
            by: z.enum(['rule', 'officer']),
            count: z.int(),
          }),
        ),
      })
      .openapi('Withheld'),
    run: async ({ reader }, { params }) => ({ withheld: [...(await withheldFor({ reader }, params))] }),
  })
}
