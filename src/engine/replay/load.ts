import { and, asc, eq, gte, inArray } from 'drizzle-orm'
import type { Instant } from '../../base/instant.ts'
import type { Reader } from '../../ops/db/database.ts'
import { type ErasingKind, type Mark, type NameMark, tables } from './tables.ts'

/** What the ledger knows of one erasure, as far as one store is concerned. */
export interface Erasure {
  readonly id: string
  readonly kind: ErasingKind
  readonly origin: string
  readonly approved: string | null
  readonly identities: ReadonlySet<string>
  readonly names: readonly NameMark[]
  readonly firstAt: Instant
  readonly lots: readonly Lot[]
  /** From rows of every store: what hung on them may lie in this one. */
  readonly leads: ReadonlySet<string>
}

/** The rows of one batch in the store asked for. */
export interface Lot {
  readonly collectionId: string
  readonly action: 'delete' | 'anonymise' | 'redact'
  readonly vias: readonly (readonly string[])[]
  readonly marks: readonly Mark[]
  readonly at: Instant
}

/** Erasures that touched anything at or after `since`, the oldest first; those of other stores too, for what led on from there. */
export async function erasuresSince(
  reader: Reader,
  input: { readonly store: string; readonly since?: Instant },
): Promise<readonly Erasure[]> {
  const { erasure, erasedRows } = tables(reader)
  const found = await reader.q
    .select()
    .from(erasure)
    .where(input.since === undefined ? undefined : gte(erasure.lastAt, input.since))
    .orderBy(asc(erasure.firstAt), asc(erasure.id))
  const erasures: Erasure[] = []
  for (const { identities, ...one } of found) {
    const lots = await reader.q
      .select()
      .from(erasedRows)
      .where(
        and(
          eq(erasedRows.erasureId, one.id),
          eq(erasedRows.store, input.store),
          // What was gone before the backup is not in it: under such a key stands another row.
          input.since === undefined ? undefined : gte(erasedRows.at, input.since),
        ),
      )
      .orderBy(asc(erasedRows.at), asc(erasedRows.id))
    const led = await reader.q
      .select({ leads: erasedRows.leads })
      .from(erasedRows)
      .where(and(eq(erasedRows.erasureId, one.id), inArray(erasedRows.action, ['delete', 'anonymise'])))
    erasures.push({
      ...one,
      identities: new Set(identities),
      leads: new Set(led.flatMap(({ leads }) => leads)),
      lots,
    })
  }
  return erasures
}
