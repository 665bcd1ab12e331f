import { z } from '@hono/zod-openapi'
import { LetheError } from '../../../base/errors.ts'
import { nearest } from '../../../base/nearest.ts'
import { parseInstant } from '../../../base/instant.ts'
import type { Ctx } from '../../../ops/db/database.ts'
import { listRequests } from '../../../requests/list.ts'
import { receiveRequest } from '../../../requests/receive.ts'
import { showRequest } from '../../../requests/show.ts'
import { type Status, statuses } from '../../../requests/types.ts'
import { verifyByOfficer } from '../../../requests/verify-by-officer.ts'
import { demandScope } from '../door.ts'
import { type Api, asks, reads, writes } from '../endpoint.ts'
import {
  listQuery,
  newRequest,
  received,
  requestFile,
  requestPage,
  search,
  stood,
} from '../schemas/requests.ts'
import { reference } from '../schemas/shared.ts'

const tag = 'Requests'

/** Filing and reading requests. */
export function requestResources(api: Api): void {
  reads(api, {
    path: '/requests',
    tag,
    summary: 'Requests by due date, the soonest first',
    scope: 'request.read',
    query: listQuery,
    answer: requestPage,
    run: async (ctx, { query }) => {
      const { items, next } = await listRequests(ctx, {
        status: statusesOf(query.status),
        right: query.right,
        overdue: query.overdue === 'true',
        cursor: query.cursor,
        limit: query.limit,
      })
      return { items, next: next ?? null }
    },
  })
  asks(api, 'post', {
    path: '/requests/search',
    tag,
    summary: 'Requests of a person or by reference',
    description: 'A POST, so that no address stands in a URL; changes nothing.',
    scope: 'request.read',
    body: search,
    answer: requestPage,
    run: async ({ body }) => {
      const { items, next } = await api.deps.db.read((reader) => listRequests({ reader }, body))
      return { items, next: next ?? null }
    },
  })
  reads(api, {
    path: '/requests/{reference}',
    tag,
    summary: 'The whole file of a request',
    scope: 'request.read',
    params: reference,
    answer: requestFile,
    run: (ctx, { params }) => showRequest(ctx, params),
  })
  receiving(api)
}

function receiving(api: Api): void {
  const { deps } = api
  writes(api, {
    path: '/requests',
    tag,
    summary: 'Enter a request',
    scope: 'request.add',
    body: newRequest,
    answer: received,
    status: 201,
    run: (ctx, { body, bearer }) => {
      if (body.verified !== undefined) demandScope(bearer, 'request.verify')
      const { regime, language, receivedAt } = body
      return receiveRequest(
        ctx,
        {
          ...body,
          regime: regime ?? deps.company.regime,
          language: language ?? deps.company.languages[0] ?? 'en',
          receivedAt: receivedAt === undefined ? undefined : parseInstant(receivedAt),
        },
        deps.requests,
      )
    },
  })
  writes(api, {
    path: '/requests/{reference}/verify',
    tag,
    summary: 'An officer made sure who the person is',
    scope: 'request.verify',
    params: reference,
    body: z
      .strictObject({
        how: z.string().max(1000).openapi({ description: 'Method and result; never a document’s number.' }),
        identityId: z
          .string()
          .optional()
          .openapi({ description: 'All that are not proved yet, unless said.' }),
      })
      .openapi('Verification'),
    answer: stood,
    run: async (ctx, { params, body }) => {
      await verifyByOfficer(ctx, { ...params, ...body }, deps.requests)
      return stoodNow(ctx, params.reference)
    },
  })
}

/** How it stands after a verb, in the same transaction. */
export async function stoodNow({ tx }: Ctx, ref: string): Promise<{ reference: string; status: Status }> {
  const { reference: shown, status } = await showRequest({ reader: tx }, { reference: ref })
  return { reference: shown, status }
}

function statusesOf(text: string | undefined): readonly Status[] | undefined {
  return text?.split(',').map((word) => {
    const found = statuses.find((one) => one === word.trim())
    if (found) return found
    const near = nearest(word.trim(), statuses)
    throw new LetheError('invalid', 'status: this is no status', {
      hint: near ? `Did you mean ${near}?` : `Write one of ${statuses.join(', ')}.`,
    })
  })
}
