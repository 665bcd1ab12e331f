import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { type ErrorCode, LetheError } from '../base/errors.ts'

/** The one table from error codes to HTTP. */
const table = {
  invalid: [400, 'The input is not right'],
  unauthenticated: [401, 'Sign in first'],
  forbidden: [403, 'This is not allowed for you'],
  not_found: [404, 'There is no such thing'],
  conflict: [409, 'The state does not allow it'],
  expired: [410, 'This is over'],
  too_large: [413, 'This is too large'],
  refused: [422, 'A rule says no'],
  too_many: [429, 'Too many tries'],
  internal: [500, 'Something went wrong here'],
  unavailable: [503, 'Try again later'],
} as const satisfies Record<ErrorCode, readonly [number, string]>

export type ProblemStatus = (typeof table)[ErrorCode][0]

/** RFC 9457, with our code and hint beside it. `detail` and `hint` hold no personal data. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: ProblemStatus
  readonly detail: string
  readonly code: ErrorCode
  readonly hint?: string
}

/** What a caller is told. Anything that is not a LetheError is `internal`; its text, and internal ones', stay in the log. */
export function problemOf(error: unknown): Problem {
  const known = asLetheError(error)
  const [status, title] = table[known.code]
  const shown = known.code !== 'internal'
  return {
    type: `urn:lethe:problem:${known.code}`,
    title,
    status,
    detail: shown ? known.message : 'The error is in the log of the service.',
    code: known.code,
    ...(shown && known.hint !== undefined ? { hint: known.hint } : {}),
  }
}

export function problemResponse(c: Context, error: unknown): Response {
  const problem = problemOf(error)
  c.header('Content-Type', 'application/problem+json')
  return c.body(JSON.stringify(problem), problem.status)
}

/** Hono's own exceptions (malformed body, CSRF) as ours. */
function asLetheError(error: unknown): LetheError {
  if (error instanceof LetheError) return error
  if (error instanceof HTTPException) {
    const code = (Object.keys(table) as ErrorCode[]).find((c) => table[c][0] === error.status)
    if (code && code !== 'internal') return new LetheError(code, error.message || table[code][1])
    if (error.status >= 400 && error.status < 500)
      return new LetheError('invalid', error.message || 'the request is malformed')
  }
  return new LetheError('internal', 'unexpected', { cause: error })
}
