import { z } from '@hono/zod-openapi'
import { instant } from './shared.ts'

export const otherKind = z.enum(['email', 'phone', 'name'])

export const plan = z
  .object({
    orderId: z.string(),
    kind: z.enum(['access', 'erasure', 'purge']),
    status: z.enum(['waiting', 'planning', 'planned', 'running', 'tasks', 'done', 'stopped', 'closed']),
    digest: z
      .string()
      .optional()
      .openapi({ description: 'What an approval binds; absent until the plan is drawn.' }),
    findings: z.array(
      z.object({
        kind: z.string(),
        store: z.string().optional(),
        collection: z.string().optional(),
        message: z.string(),
        rows: z.int().optional(),
      }),
    ),
    steps: z.array(
      z.object({
        seq: z.int(),
        store: z.string(),
        collectionId: z.string(),
        collection: z.string(),
        action: z.string(),
        link: z.string(),
        status: z.enum(['planned', 'running', 'done', 'failed']),
        found: z.int(),
        done: z.int(),
        kept: z.int(),
        skipped: z.int(),
        ground: z.string().nullable(),
        lastError: z.string().nullable(),
        triedAt: instant.nullable(),
      }),
    ),
    tasks: z
      .array(
        z.object({
          id: z.string(),
          store: z.string(),
          what: z.record(z.string(), z.string()),
          doneAt: instant.nullable(),
          doneBy: z.string().nullable(),
          note: z.string().nullable(),
        }),
      )
      .openapi({ description: 'What only people can do: copies outside the stores.' }),
    residue: z
      .array(
        z.object({
          store: z.string(),
          table: z.string(),
          column: z.string(),
          rows: z.int(),
          ground: z.string().nullable(),
          path: z.string().optional(),
          examples: z.array(z.string()).optional(),
          persons: z.array(z.int()).optional(),
        }),
      )
      .optional()
      .openapi({ description: 'What the reading after the erasure still found; absent before it.' }),
    others: z
      .array(
        z.object({
          store: z.string(),
          collection: z.string(),
          collectionId: z.string(),
          field: z.string(),
          kind: otherKind,
          hidden: z.int(),
          left: z.int(),
          open: z.int(),
        }),
      )
      .openapi({ description: 'Of an access: how many passages of what is copied name other people.' }),
    withheld: z
      .array(
        z.object({
          store: z.string(),
          collectionId: z.string(),
          field: z.string(),
          kind: otherKind,
          by: z.enum(['rule', 'officer']),
          count: z.int(),
        }),
      )
      .openapi({ description: 'What was withheld of the copy that was made, in sums.' }),
    finishedAt: instant.nullable(),
  })
  .openapi('Plan')
