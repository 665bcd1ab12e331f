import { z } from '@hono/zod-openapi'
import { channels, statuses } from '../../../requests/types.ts'
import { plan } from './plan.ts'
import { cursor, day, flag, identity, instant, limit, next } from './shared.ts'

export const status = z.enum(statuses).openapi('Status')
const right = z.enum(['access', 'erasure'])

export const newRequest = z
  .strictObject({
    right,
    identities: z.array(identity).min(1).max(10),
    regime: z.string().optional().openapi({ description: 'NL, DK, GB, ZA …; the company’s unless said.' }),
    channel: z.enum(channels).default('desk'),
    language: z
      .string()
      .max(35)
      .optional()
      .openapi({ description: 'Of letters; the company’s first unless said.' }),
    receivedAt: z
      .string()
      .optional()
      .openapi({ format: 'date-time', description: 'With an offset; now unless said.' }),
    note: z.string().max(4000).optional(),
    verified: z.string().max(1000).optional().openapi({
      description:
        'How an officer made sure who the person is; covers every identity given. Needs the scope `request.verify` too.',
    }),
  })
  .openapi('NewRequest')

export const received = z
  .object({
    reference: z.string(),
    dueDate: day,
    identities: z.array(z.object({ id: z.string(), kind: z.string() })),
  })
  .openapi('Received')

const page = { cursor, limit }
const filter = { right: right.optional(), overdue: flag, ...page }
export const listQuery = z.object({
  status: z
    .string()
    .optional()
    .openapi({ description: `One or several, with commas: ${statuses.join(', ')}.` }),
  ...filter,
})
export const search = z
  .strictObject({
    q: z
      .string()
      .min(1)
      .max(320)
      .openapi({ description: 'A reference, or one whole identity in any spelling.' }),
    cursor,
    limit: z.int().min(1).max(200).optional(),
  })
  .openapi('Search')

export const requestPage = z
  .object({
    items: z.array(
      z
        .object({
          reference: z.string(),
          right,
          regime: z.string(),
          channel: z.enum(channels),
          receivedAt: instant,
          status,
          person: z.string().openapi({ description: 'The first identity, masked.' }),
          clock: z.object({ dueDate: day, daysLeft: z.int(), overdue: z.boolean(), timezone: z.string() }),
          waitsForPerson: z.boolean(),
        })
        .openapi('RequestRow'),
    ),
    next,
  })
  .openapi('RequestPage')

const clock = z.object({
  dueDate: day,
  hardDate: day,
  targetDate: day,
  extensionNoticeBy: day.nullable(),
  timezone: z.string(),
  pack: z.string(),
  steps: z.array(z.object({ rule: z.string(), text: z.string(), date: day })),
  waitingFor: z.array(z.string()),
  daysLeft: z.int(),
  overdue: z.boolean(),
})

export const packageRecord = z
  .object({
    id: z.string(),
    reference: z.string(),
    sha256: z.string().openapi({ description: 'Of the plain ZIP.' }),
    bytes: z.int(),
    counts: z.object({
      files: z.int(),
      collections: z.int(),
      rows: z.int(),
      media: z.int(),
      leftOut: z.int(),
    }),
    createdAt: instant,
    expiresAt: instant,
    openedAt: instant.nullable(),
    destroyedAt: instant.nullable(),
  })
  .openapi('PackageRecord')

export const requestFile = z
  .object({
    reference: z.string(),
    right,
    regime: z.string(),
    channel: z.enum(channels),
    language: z.string(),
    receivedAt: instant,
    status,
    note: z.string().nullable(),
    clock,
    identities: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        masked: z.string(),
        verifiedAt: instant.nullable(),
        how: z.enum(['code', 'link', 'officer']).nullable(),
        note: z.string().nullable(),
      }),
    ),
    decision: z
      .object({
        id: z.string(),
        outcome: z.enum(['grant', 'part', 'refuse']),
        ground: z.string().nullable(),
        article: z.string().nullable(),
        reason: z.string().nullable(),
        leaveOut: z.array(z.string()),
        by: z.string(),
        at: instant,
      })
      .optional(),
    approval: z.object({ digest: z.string(), by: z.string(), at: instant }).optional(),
    voided: z.array(
      z.object({
        what: z.string(),
        why: z.string(),
        reason: z.string().nullable(),
        by: z.string(),
        at: instant,
      }),
    ),
    extension: z.object({ reason: z.string(), by: z.string(), at: instant }).optional(),
    pauses: z.array(
      z.object({ kind: z.string(), question: z.string(), at: instant, endedAt: instant.nullable() }),
    ),
    plan: plan.optional(),
    messages: z.array(
      z.object({
        id: z.string(),
        at: instant,
        letter: z.string(),
        subject: z.string().nullable(),
        text: z.string().nullable(),
        delivery: z.enum(['queued', 'sent', 'failed', 'post']),
        mailId: z.string().nullable(),
      }),
    ),
    package: packageRecord.optional(),
    answeredAt: instant.nullable(),
    endedAt: instant.nullable(),
    timeline: z.array(
      z.object({
        at: instant,
        by: z.object({ kind: z.string(), id: z.string() }),
        type: z.string(),
        body: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .openapi('RequestFile')

export const stood = z.object({ reference: z.string(), status }).openapi('Stood')
export const dated = z.object({ reference: z.string(), dueDate: day }).openapi('Dated')
