import { and, asc, eq, gt, lte } from 'drizzle-orm'
import type { Reader } from '../ops/db/database.ts'
import { entryHash, genesis, headText } from './chain.ts'
import { type Entry, tables } from './tables.ts'

export interface Fault {
  readonly seq: number
  readonly fault: 'changed' | 'missing' | 'inserted' | 'cut off' | 'head'
  readonly message: string
}
export interface Verified {
  readonly entries: number
  readonly head: string
  readonly faults: readonly Fault[]
}

const pageSize = 1000

/**
 * Reads the whole chain and names every entry that was changed, removed or inserted, a cut-off end included. A guard,
 * not a proof: who holds the service's key and its database can write a new chain; outside anchors bound that.
 */
export async function verifyLedger(reader: Reader): Promise<Verified> {
  const faults: Fault[] = []
  let previous: Pick<Entry, 'seq' | 'hash'> = { seq: 0, hash: genesis }
  const walk = async (stretch: Stretch) => {
    for await (const entry of entries(reader, stretch)) {
      faults.push(...linkFaults(previous, entry))
      previous = entry
    }
  }
  await walk({})
  const { ledgerHead } = tables(reader)
  const [head] = await reader.q.select().from(ledgerHead).where(eq(ledgerHead.id, 1))
  // Written while we read: what the head names stands there before it does.
  if (head && head.seq > previous.seq) await walk({ after: previous.seq, upTo: head.seq })
  if (head && head.seal !== reader.keys.hash('ledger-head', headText(head)))
    faults.push({ seq: head.seq, fault: 'head', message: 'the head was not written by this service' })
  if (head && head.seq > previous.seq)
    faults.push({
      seq: previous.seq + 1,
      fault: 'cut off',
      message: `entries ${previous.seq + 1} to ${head.seq} are missing at the end`,
    })
  if ((head?.seq ?? 0) < previous.seq || (head && head.seq === previous.seq && head.hash !== previous.hash))
    faults.push({ seq: previous.seq, fault: 'head', message: 'the chain does not end where the head says' })
  return { entries: previous.seq, head: previous.hash, faults }
}

function linkFaults(previous: Pick<Entry, 'seq' | 'hash'>, entry: Entry): Fault[] {
  const faults: Fault[] = []
  if (entry.seq > previous.seq + 1)
    faults.push({
      seq: previous.seq + 1,
      fault: 'missing',
      message: `entries ${previous.seq + 1} to ${entry.seq - 1} are missing`,
    })
  else if (entry.previous !== previous.hash)
    faults.push({
      seq: entry.seq,
      fault: 'inserted',
      message: `entry ${entry.seq} does not follow entry ${previous.seq}`,
    })
  if (entryHash(entry) !== entry.hash)
    faults.push({ seq: entry.seq, fault: 'changed', message: `entry ${entry.seq} is not what was written` })
  return faults
}

interface Stretch {
  readonly subject?: string
  /** Only entries behind this number, and up to that one. */
  readonly after?: number
  readonly upTo?: number
}

/** The chain in order, a page in memory at a time; with `subject`, only its entries. */
export async function* entries(reader: Reader, filter: Stretch = {}): AsyncGenerator<Entry> {
  const { ledgerEntry } = tables(reader)
  for (let after = filter.after ?? 0; ; ) {
    const page = await reader.q
      .select()
      .from(ledgerEntry)
      .where(
        and(
          gt(ledgerEntry.seq, after),
          filter.upTo === undefined ? undefined : lte(ledgerEntry.seq, filter.upTo),
          filter.subject === undefined ? undefined : eq(ledgerEntry.subject, filter.subject),
        ),
      )
      .orderBy(asc(ledgerEntry.seq))
      .limit(pageSize)
    yield* page
    const last = page.at(-1)
    if (!last || page.length < pageSize) return
    after = last.seq
  }
}
