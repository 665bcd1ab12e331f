import { StoreError } from './errors.ts'
import type { Limits } from './store.ts'

/** The store's own timeout comes first; ours is for a store that no longer answers at all. */
const graceMs = 5_000

/**
 * Waits for a statement, but no longer than its time and not after an abort. `giveUp` must end the connection: what the
 * server is doing with it is not known any more.
 */
export async function inTime<T>(
  store: string,
  { timeoutMs, signal }: Limits,
  running: Promise<T>,
  giveUp: () => void,
): Promise<T> {
  let stop: (() => void) | undefined
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const end = (error: StoreError) => {
      giveUp()
      reject(error)
    }
    timer = setTimeout(
      () => end(new StoreError('timeout', store, `no answer within ${timeoutMs + graceMs} ms`)),
      timeoutMs + graceMs,
    )
    stop = () => end(new StoreError('aborted', store, 'stopped'))
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([running, late])
  } finally {
    clearTimeout(timer)
    if (stop) signal?.removeEventListener('abort', stop)
    // Whoever lost the race has nobody to tell.
    running.catch(() => undefined)
  }
}
