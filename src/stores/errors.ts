import { type ErrorCode, LetheError } from '../base/errors.ts'
import type { StoreErrorShape, StoreFailure } from './port.ts'

/**
 * What a store answers when it fails. The driver's own error is dropped on purpose, not kept as `cause`: its message, and
 * PostgreSQL's `detail`, carry key values. What is kept are its code and the names of a table, column or constraint.
 */
export class StoreError extends LetheError implements StoreErrorShape {
  readonly failure: StoreFailure
  readonly store: string
  readonly permanent: boolean
  constructor(
    failure: StoreFailure,
    store: string,
    message: string,
    more: { permanent?: boolean; hint?: string } = {},
  ) {
    super(codes[failure], `store ${store}: ${message}`, { hint: more.hint ?? hints[failure] })
    this.name = 'StoreError'
    this.failure = failure
    this.store = store
    this.permanent =
      more.permanent ?? (failure === 'denied' || failure === 'constraint' || failure === 'schema')
  }
}

export const isStoreError = (e: unknown, failure?: StoreFailure): e is StoreError =>
  e instanceof StoreError && (failure === undefined || e.failure === failure)

const codes: Readonly<Record<StoreFailure, ErrorCode>> = {
  unreachable: 'unavailable',
  denied: 'unavailable',
  timeout: 'unavailable',
  busy: 'unavailable',
  aborted: 'unavailable',
  other: 'unavailable',
  constraint: 'conflict',
  schema: 'conflict',
}

const hints: Readonly<Record<StoreFailure, string>> = {
  unreachable: 'Check that the store runs and that its url in stores.yaml is right; it is tried again.',
  denied: 'Give the account in stores.yaml the right it lacks.',
  timeout: 'The store took longer than it was given; it is tried again.',
  busy: 'Another transaction holds what is needed; it is tried again.',
  constraint: 'Look at the rule of the store it names; the data map must erase in a way that rule allows.',
  schema: 'Run `lethe store check`: the store no longer looks as the data map says.',
  aborted: 'It was stopped on purpose; start it again when it is wanted.',
  other: "Look the code up in the store's own manual.",
}
