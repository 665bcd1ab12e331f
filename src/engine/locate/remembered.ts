import type { Identity } from '../../base/identity.ts'
import type { Reader, Tx } from '../../ops/db/database.ts'
import { tables } from '../tables.ts'

/** Whether an address or number, in normal form, was several people's when one of them was erased. */
export type WasShared = (kind: string, value: string) => boolean

const lineHash = (reader: Pick<Reader, 'keys'>, kind: string, value: string): string =>
  reader.keys.hash('shared-line', `${kind}:${value}`)

/**
 * Once a sharer is erased, her line looks like the other's alone, and all that hangs on it like the other's: her own calls
 * among them. So it is kept as a keyed hash that it was shared; nobody is remembered by it.
 */
export async function rememberLines(tx: Tx, lines: readonly Identity[]): Promise<void> {
  const { sharedLine } = tables(tx)
  for (const { kind, value } of lines)
    await tx.q
      .insert(sharedLine)
      .values({ hash: lineHash(tx, kind, value), since: tx.now })
      .onConflictDoNothing()
}

/** All of them at once: as many as people who shared a line were erased. */
export async function rememberedLines(reader: Reader): Promise<WasShared> {
  const { sharedLine } = tables(reader)
  const known = new Set(
    (await reader.q.select({ hash: sharedLine.hash }).from(sharedLine)).map((row) => row.hash),
  )
  return (kind, value) => known.size > 0 && known.has(lineHash(reader, kind, value))
}
