/**
 * The closed list of what can go wrong, as a caller sees it. Each stands in one row of `web/problem.ts` (HTTP)
 * and of `cli/exit.ts` (exit status); anything else is `internal` and its text stays in the log.
 */
export type ErrorCode =
  | 'invalid' // bad input: a value, a file, an option
  | 'unauthenticated' // nobody is signed in, or the proof does not hold
  | 'forbidden' // signed in, but the role does not allow it
  | 'not_found' // no such thing, or not for you
  | 'conflict' // the state does not allow it (any more)
  | 'refused' // a rule says no: hold, freeze, second person, brake, ground
  | 'expired' // a code, link or package past its time
  | 'too_many' // a limit: tries, rate
  | 'too_large' // a body or file over its limit
  | 'unavailable' // a store or server failed; try again later
  | 'internal'

/** Four parts: what was found and where (`message`), what was expected and what to do next (`hint`). No personal data. */
export class LetheError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  /** Where in a file: `policies/x.yaml:12:3`. */
  readonly where: string | undefined
  constructor(
    code: ErrorCode,
    message: string,
    more: { hint?: string; where?: string; cause?: unknown } = {},
  ) {
    super(
      more.where ? `${more.where}: ${message}` : message,
      more.cause === undefined ? {} : { cause: more.cause },
    )
    this.name = 'LetheError'
    this.code = code
    this.hint = more.hint
    this.where = more.where
  }
}

export const isLetheError = (e: unknown, code?: ErrorCode): e is LetheError =>
  e instanceof LetheError && (code === undefined || e.code === code)

/** For the end of a switch over a union: the compiler proves it is never reached. */
export function never(value: never): never {
  throw new LetheError('internal', `unhandled case ${JSON.stringify(value)}`)
}
