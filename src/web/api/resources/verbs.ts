import { z } from '@hono/zod-openapi'
import { approve, returnDecision } from '../../../requests/approve.ts'
import { close, withdraw } from '../../../requests/close.ts'
import { decide } from '../../../requests/decide.ts'
import { extend } from '../../../requests/extend.ts'
import { pause, resume } from '../../../requests/pause.ts'
import { retryRequest } from '../../../requests/retry.ts'
import { type Api, writes } from '../endpoint.ts'
import { dated, stood } from '../schemas/requests.ts'
import { day, nothing, optionalReason, reason, reference } from '../schemas/shared.ts'
import { stoodNow } from './requests.ts'

const tag = 'Requests'

/** The officer's verbs about a request, each a POST below it. */
export function requestVerbs(api: Api): void {
  deciding(api)
  theClock(api)
  ending(api)
}

function deciding(api: Api): void {
  const { requests } = api.deps
  const common = { tag, params: reference, answer: stood }
  writes(api, {
    ...common,
    path: '/requests/{reference}/decide',
    summary: 'Grant, grant in part, or refuse',
    description: 'An access grant runs at once; an erasure grant waits for a second officer.',
    scope: 'request.decide',
    body: z
      .strictObject({
        outcome: z.enum(['grant', 'part', 'refuse']),
        ground: z.string().optional().openapi({ example: 'excessive' }),
        reason: z
          .string()
          .optional()
          .openapi({ description: 'In words the person reads; a part and a refusal need them.' }),
        leaveOut: z
          .array(z.string())
          .optional()
          .openapi({ description: 'Access in part: `dataset.collection`.' }),
      })
      .openapi('NewDecision'),
    run: async (ctx, { params, body }) => {
      const { status } = await decide(ctx, { ...params, ...body }, requests)
      return { reference: params.reference, status }
    },
  })
  writes(api, {
    ...common,
    path: '/requests/{reference}/approve',
    summary: 'A second officer approves the plan of a granted erasure',
    scope: 'request.approve',
    body: z
      .strictObject({
        digest: z.string().openapi({ description: '`plan.digest` of the file that was looked at.' }),
      })
      .openapi('NewApproval'),
    run: async (ctx, { params, body }) => {
      await approve(ctx, { ...params, ...body })
      return stoodNow(ctx, params.reference)
    },
  })
  writes(api, {
    ...common,
    path: '/requests/{reference}/return',
    summary: 'A second officer sends a decision back',
    scope: 'request.approve',
    body: reason,
    run: async (ctx, { params, body }) => {
      await returnDecision(ctx, { ...params, ...body })
      return stoodNow(ctx, params.reference)
    },
  })
}

function theClock(api: Api): void {
  const { requests } = api.deps
  const common = { tag, params: reference, scope: 'request.work' } as const
  writes(api, {
    ...common,
    path: '/requests/{reference}/extend',
    summary: 'Take the law’s longer period, once, and tell the person',
    body: reason,
    answer: dated,
    run: async (ctx, { params, body }) => ({
      ...params,
      ...(await extend(ctx, { ...params, ...body }, requests)),
    }),
  })
  writes(api, {
    ...common,
    path: '/requests/{reference}/pause',
    summary: 'Ask the person what the request cannot do without',
    body: z
      .strictObject({
        kind: z.enum(['identity', 'clarification', 'fee']),
        question: z
          .string()
          .max(4000)
          .openapi({ description: 'What you need to know, and why; the person reads it.' }),
      })
      .openapi('Question'),
    answer: z
      .object({
        reference: z.string(),
        waiting: z.boolean().openapi({ description: 'Whether the law lets the clock stand meanwhile.' }),
        dueDate: day,
      })
      .openapi('Paused'),
    run: async (ctx, { params, body }) => ({
      ...params,
      ...(await pause(ctx, { ...params, ...body }, requests)),
    }),
  })
  writes(api, {
    ...common,
    path: '/requests/{reference}/resume',
    summary: 'The answer is there: the clock goes on',
    body: nothing,
    answer: dated,
    run: async (ctx, { params }) => ({ ...params, ...(await resume(ctx, params, requests)) }),
  })
}

function ending(api: Api): void {
  const { requests } = api.deps
  const common = { tag, params: reference, scope: 'request.work', answer: stood } as const
  writes(api, {
    ...common,
    path: '/requests/{reference}/withdraw',
    summary: 'Take the request back for the person',
    body: optionalReason,
    run: async (ctx, { params, body }) => {
      await withdraw(ctx, { ...params, ...given(body) }, requests)
      return stoodNow(ctx, params.reference)
    },
  })
  writes(api, {
    ...common,
    path: '/requests/{reference}/close',
    summary: 'End an answered request: its package’s key is destroyed',
    body: optionalReason,
    run: async (ctx, { params, body }) => {
      await close(ctx, { ...params, ...given(body) })
      return stoodNow(ctx, params.reference)
    },
  })
  writes(api, {
    ...common,
    path: '/requests/{reference}/retry',
    summary: 'Go on with a request that stopped, when a person has looked',
    body: nothing,
    run: async (ctx, { params }) => {
      await retryRequest(ctx, params)
      return stoodNow(ctx, params.reference)
    },
  })
}

const given = ({ reason: said }: { reason?: string | undefined }): { reason?: string } =>
  said === undefined ? {} : { reason: said }
