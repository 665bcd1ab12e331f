import { z } from '@hono/zod-openapi'
import { LetheError } from '../../../base/errors.ts'
import { parseLocalDate } from '../../../base/calendar.ts'
import { liftHold } from '../../../holds/lift.ts'
import { listHolds } from '../../../holds/list.ts'
import { placeHold } from '../../../holds/place.ts'
import { type Api, type ApiDeps, reads, writes } from '../endpoint.ts'
import { day, flag, idParam, identity, instant, reason } from '../schemas/shared.ts'

const tag = 'Holds'

const scope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('person'), identities: z.array(identity).min(1).max(20) }),
  z.strictObject({
    kind: z.literal('record'),
    store: z.string(),
    collection: z.string().openapi({ description: 'By its name in the store, or `dataset.collection`.' }),
    key: z.array(z.string()).min(1),
  }),
])
const blocks = z.array(z.enum(['purge', 'erasure'])).min(1)

const hold = z
  .object({
    id: z.string(),
    kind: z.enum(['legal', 'request', 'restriction']),
    scope,
    reason: z.string(),
    authority: z.string(),
    blocks,
    startOn: day,
    reviewOn: day,
    reviewOverdue: z.boolean(),
    placedBy: z.string(),
    placedAt: instant,
    lifted: z.object({ by: z.string(), at: instant, reason: z.string() }).nullable(),
  })
  .openapi('Hold')

const newHold = z
  .strictObject({
    kind: z.enum(['legal', 'restriction']).default('legal'),
    scope,
    reason: z.string().min(1).max(4000),
    authority: z
      .string()
      .min(1)
      .max(1000)
      .openapi({ description: 'Who demands it: a court, a case, an article.' }),
    reviewOn: day.openapi({ description: 'A day after today, at most 6 months ahead.' }),
    blocks: blocks.default(['purge', 'erasure']),
  })
  .openapi('NewHold')

/** Legal holds (Art. 17(3)(e), 18). */
export function holdResources(api: Api): void {
  reads(api, {
    path: '/holds',
    tag,
    summary: 'Holds in force; with `all=true`, lifted ones too',
    scope: 'hold.read',
    query: z.object({ all: flag }),
    answer: z.object({ items: z.array(hold) }).openapi('Holds'),
    run: async ({ reader }, { query }) => ({
      items: await listHolds(reader, { inForce: query.all !== 'true' }),
    }),
  })
  writes(api, {
    path: '/holds',
    tag,
    summary: 'Suspend purge, erasure or both',
    scope: 'hold.place',
    body: newHold,
    answer: z.object({ id: z.string() }).openapi('Placed'),
    status: 201,
    run: (ctx, { body }) =>
      placeHold(ctx, {
        ...body,
        scope: scopeOf(api.deps, body.scope),
        reviewOn: parseLocalDate(body.reviewOn),
        timezone: api.deps.company.timezone,
      }),
  })
  writes(api, {
    path: '/holds/{id}/lift',
    tag,
    summary: 'End a hold; what it suspended may go at the next run',
    scope: 'hold.lift',
    params: idParam,
    body: reason,
    answer: z.object({ id: z.string(), lifted: z.literal(true) }).openapi('Lifted'),
    run: async (ctx, { params, body }) => {
      await liftHold(ctx, { ...params, ...body })
      return { ...params, lifted: true }
    },
  })
}

/** Records by the data map's own id. */
function scopeOf({ map }: ApiDeps, given: z.output<typeof scope>): z.output<typeof scope> {
  if (given.kind === 'person') return given
  const { store, collection, key } = given
  const found = [...map.collections.values()].find(
    (one) => one.store === store && (one.name === collection || one.id === collection),
  )
  if (found?.key.length === key.length) return { ...given, collection: found.id }
  throw new LetheError(
    'invalid',
    found ? `the key of ${found.id} has ${found.key.length} parts` : 'the data map has no such collection',
    {
      hint: found
        ? `Give ${found.key.join(', ')}.`
        : 'GET /api/v1/data-map/coverage names the stores and their tables.',
    },
  )
}
