import type { Clock } from '../../src/base/clock.ts'
import { type Instant, parseInstant, plusMs } from '../../src/base/instant.ts'

export interface FixedClock extends Clock {
  advance(ms: number): void
  /** ISO 8601 with an offset. */
  set(at: string): void
}

/** Stands still until it is told otherwise: `fixedClock('2026-03-05T09:00:00Z')`. */
export function fixedClock(at = '2026-03-05T09:00:00Z'): FixedClock {
  let now: Instant = parseInstant(at)
  return {
    now: () => now,
    advance(ms) {
      now = plusMs(now, ms)
    },
    set(next) {
      now = parseInstant(next)
    },
  }
}
