import { z } from '@hono/zod-openapi'

/** UTC with milliseconds. */
export const instant = z.string().openapi({ format: 'date-time', example: '2026-03-05T09:00:00.000Z' })
export const day = z.string().openapi({ format: 'date', example: '2026-04-07' })
export const words = z
  .record(z.string(), z.string())
  .openapi({ description: 'By language; `en` is always there.' })

/** Given in a body only: an address or number never stands in a URL. */
export const identity = z
  .strictObject({
    kind: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'write email, phone, or a kind of the data map'),
    value: z.string().min(1).max(320),
  })
  .openapi('Identity', { example: { kind: 'email', value: 'ann@example.org' } })

export const reason = z.strictObject({ reason: z.string().max(4000) }).openapi('Reason')
export const optionalReason = z
  .strictObject({ reason: z.string().max(4000).optional() })
  .openapi('OptionalReason')
export const nothing = z.strictObject({}).openapi('Nothing')

export const reference = z.object({
  reference: z.string().openapi({ example: 'R-7K3M-9QTX', param: { name: 'reference', in: 'path' } }),
})
export const idParam = z.object({ id: z.string().openapi({ param: { name: 'id', in: 'path' } }) })

export const limit = z.coerce
  .number<string>()
  .int()
  .min(1)
  .max(200)
  .optional()
  .openapi({ type: 'integer', minimum: 1, maximum: 200, default: 50 })
export const cursor = z
  .string()
  .max(500)
  .optional()
  .openapi({ description: 'From `next` of the page before.' })
export const next = z
  .string()
  .nullable()
  .openapi({ description: 'Cursor of the page after; null at the end.' })
/** `?all=true` */
export const flag = z.enum(['true', 'false']).optional()
