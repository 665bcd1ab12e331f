import { type ErrorCode, isLetheError, never } from '../base/errors.ts'

/** 0 done · 1 the answer is no, or something was found · 2 bad input · 3 refused by a rule · 4 a store or server failed. */
export type ExitStatus = 0 | 1 | 2 | 3 | 4

export function exitOf(code: ErrorCode): ExitStatus {
  switch (code) {
    case 'invalid':
    case 'not_found':
    case 'too_large':
      return 2
    case 'unauthenticated':
    case 'forbidden':
    case 'conflict':
    case 'refused':
    case 'expired':
    case 'too_many':
      return 3
    case 'unavailable':
    case 'internal':
      return 4
    default:
      return never(code)
  }
}

export interface Problem {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
}

/** What a person or a script is told; the text of an unexpected error stays out, it may carry personal data. */
export function problemOf(error: unknown): Problem {
  if (isLetheError(error))
    return { code: error.code, message: error.message, ...(error.hint ? { hint: error.hint } : {}) }
  const name = error instanceof Error ? error.name : typeof error
  return {
    code: 'internal',
    message: `something unexpected happened (${name})`,
    hint: 'Run it again with LETHE_LOG_LEVEL=debug and look at the log on stderr.',
  }
}
