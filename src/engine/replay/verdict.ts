import { Temporal } from 'temporal-polyfill'
import { epochMs, type Instant, type TimeZone } from '../../base/instant.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import type { Keys } from '../../ops/sealing.ts'
import type { Row, TableInfo } from '../../stores/port.ts'
import { anonymiseMasks, redactMasks } from '../masks/mask.ts'
import { startOf } from '../purge/spelling.ts'
import { changes, isStillHers } from '../run/changes.ts'
import type { Hers } from './hers.ts'

/** A row whose key stands in the ledger, and what the receipt says of it. */
export interface Met {
  readonly key: readonly string[]
  readonly row: Row
  readonly action: 'delete' | 'anonymise' | 'redact'
  readonly via: readonly string[]
  readonly evidence: string | null
}

/**
 * `same`: the row that was erased is back; `sure` where it says so itself, by an address, number or name of hers. `changed`: another
 * row under its key. `newer`: made after the erasure. `none`: stands as the erasure left it.
 */
export type Verdict =
  | { readonly is: 'same'; readonly sure: boolean }
  | { readonly is: 'changed' | 'newer' | 'none' }

export interface Bench {
  readonly keys: Keys
  readonly collection: CollectionMap
  readonly table: TableInfo | undefined
  /** Of wall-clock times in the store. */
  readonly zone: TimeZone
}

/** Holds one row against its receipt. An id that a store gave away again is told by what stands beside it. */
export function verdictOf(bench: Bench, met: Met, hers: Hers, erasedAt: Instant): Verdict {
  if (!wouldChange(bench, met)) return { is: 'none' }
  const sure = hers.names || hers.matching.length > 0
  const isSame = met.evidence !== null && isStillHers(bench.keys, itemOf(met), met.row)
  // She may have had another address at the time of the backup; by her name it is she. A number alone may be her family's.
  const isNamed = hers.names && met.action !== 'redact'
  // The evidence of a row that was reached by ids alone says nothing of whose they are by now.
  const isAnother = bench.collection.person && hers.all.length > 0 && !sure
  if (isAnother || !(isSame || isNamed)) return { is: met.action === 'delete' ? 'changed' : 'none' }
  if (isNewer(bench, met.row, erasedAt)) return { is: 'newer' }
  if (met.action !== 'delete' && !sure) return { is: 'none' }
  return { is: 'same', sure }
}

const itemOf = ({ key, via, evidence }: Met) => ({
  key,
  via,
  link: 'owned' as const,
  ...(evidence !== null && { digest: evidence }),
})

/** Whether the erasure, done again, would find anything to do in this row: texts, which have names in them, left aside. */
function wouldChange({ collection, table }: Bench, { action, row, via }: Met): boolean {
  switch (action) {
    case 'delete':
      return true
    case 'anonymise':
      return Object.keys(changes(row, anonymiseMasks(collection, table), [])).length > 0
    case 'redact':
      return Object.keys(changes(row, redactMasks(collection, via, table), [])).length > 0
  }
}

/**
 * Whether every moment in the row lies after the erasure: she came back, and the store gave her the same number again. A guard,
 * not a proof: a row without a moment says nothing, and days without a time (birth dates) are not looked at.
 */
function isNewer({ zone }: Bench, row: Row, erasedAt: Instant): boolean {
  const moments = Object.values(row).flatMap((value) => momentOf(value, zone) ?? [])
  return moments.length > 0 && Math.min(...moments) > epochMs(erasedAt)
}

function momentOf(value: Row[string] | undefined, zone: TimeZone): number | undefined {
  // Long numbers may be anything: telephones are.
  if (typeof value !== 'string' || value[4] !== '-') return undefined
  const start = startOf(value)
  if (start === undefined || start.is === 'day') return undefined
  if (start.is === 'moment') return start.ms
  return Temporal.PlainDateTime.from(start.text).toZonedDateTime(zone).epochMilliseconds
}
