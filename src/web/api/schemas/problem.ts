import { z } from '@hono/zod-openapi'

/** RFC 9457, as `web/problem.ts` makes it. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ example: 'urn:lethe:problem:not_found' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().openapi({ example: 'not_found' }),
    hint: z.string().optional().openapi({ description: 'What to do next.' }),
  })
  .openapi('Problem')
