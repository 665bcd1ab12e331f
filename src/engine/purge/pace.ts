import type { StoreKind } from '../../stores/port.ts'

/** Rows of one transaction, steered by how long it held the store. */
export interface Pace {
  /** Rows of the next transaction. */
  rows(): number
  /** Rows of the next batch (intent and receipt): at least one transaction. */
  batch(): number
  /** Takes in how long a batch took: an interruption leaves at most a second or two to be looked at again. */
  batchTook(ms: number): void
  /** Takes in how long a full transaction took; answers how long to leave the store to others. */
  took(rows: number, ms: number): number
}

/** SQLite has one writer: short turns, and as long a pause. Servers let others write meanwhile: larger turns, no pause. */
const limits = {
  sqlite: { first: 50, least: 10, most: 500, targetMs: 15, yields: true },
  postgres: { first: 500, least: 50, most: 2000, targetMs: 120, yields: false },
  mysql: { first: 500, least: 50, most: 2000, targetMs: 120, yields: false },
} as const

export function paceOf(kind: StoreKind): Pace {
  const { first, least, most, targetMs, yields } = limits[kind]
  let rows: number = first
  let batch = 500
  return {
    rows: () => rows,
    batch: () => Math.max(batch, rows),
    batchTook(ms) {
      batch = Math.min(2000, Math.max(500, ms < 1000 ? batch * 2 : batch >> 1))
    },
    took(done, ms) {
      // The end of a batch is shorter than a turn and says little about a full one.
      if (done >= rows || ms > targetMs) {
        const factor = Math.min(2, Math.max(0.25, targetMs / Math.max(ms, 0.5)))
        rows = Math.round(Math.min(most, Math.max(least, Math.min(done, rows) * factor)))
      }
      return yields ? ms : 0
    },
  }
}
