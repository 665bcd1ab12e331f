import { isStoreError } from '../../stores/errors.ts'
import type { OrderFinding } from '../tables.ts'

/** For a drawing that fails where a store no longer looks as the map says: what the check found tells it with file and line. */
export const unlessUnfit =
  (blocked: readonly OrderFinding[]) =>
  (error: unknown): undefined => {
    if (blocked.length === 0 || !isStoreError(error, 'schema')) throw error
  }
