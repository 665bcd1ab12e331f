import { max } from 'drizzle-orm'
import type { Instant } from '../base/instant.ts'
import type { Reader } from '../ops/db/database.ts'
import { contentText, entryKey, genesis, leafOf, linkHash } from './chain.ts'
import { type Checkpoint, checkpoints } from './checkpoint.ts'
import type { Fault, Stands } from './faults.ts'
import { forgottenType } from './forget.ts'
import { type Head, readHead, sealOf } from './head.ts'
import { emptyEdge, grow, rootOf } from './merkle.ts'
import { openSalts, type RawEntry, rawEntries, type Salts } from './raw.ts'
import { tables } from './tables.ts'
import { checkpointFaults, knownFaults } from './verify-checkpoints.ts'
import { keyFaults } from './verify-keys.ts'
import { openNodes } from './verify-nodes.ts'

export interface Verified {
  readonly entries: number
  readonly head: string
  readonly checkpoints: number
  /** Entries that no checkpoint covers yet: their order and content stand under the service's key alone. */
  readonly uncovered: number
  /** Entries whose content was destroyed as the ledger says. */
  readonly forgotten: number
  readonly checkpointAt: Instant | null
  readonly faults: readonly Fault[]
}

/**
 * Reads the whole ledger as it stood at the beginning of the call and names where it breaks: chain, leaves, tree, every checkpoint
 * with its signature, and `known` checkpoints that somebody outside kept. A guard, not a proof: who holds the service's key can
 * write another ledger; only what lies outside shows that, and only outside shows that all of it was set back to an older state.
 */
export async function verifyLedger(
  reader: Reader,
  { known = [] }: { readonly known?: readonly Checkpoint[] } = {},
): Promise<Verified> {
  const head = await readHead(reader)
  const made = await checkpoints(reader)
  const mine = made.filter((one) => one.size <= head.checkpoint)
  const sizes = new Set([...mine.map((one) => one.size), ...known.map(sizeOf)])
  const walked = await walk(reader, head, sizes)
  const { faults: keys, ring } = await keyFaults(reader)
  const seen = { ring, stands: walked.stands, head }
  const end = await endFaults(reader, head, walked.last)
  // Made while we read: by now a head names it.
  const beyond = made.filter((one) => one.size > end.now.checkpoint)
  const faults = [
    ...walked.faults,
    ...end.faults,
    ...(ring.size > 0 && end.now.seq === 0 ? [emptiedFault] : []),
    ...keys,
    ...checkpointFaults({ ...seen, mine, beyond }),
    ...knownFaults({ ...seen, known }),
  ]
  return {
    entries: walked.last.seq,
    head: walked.last.hash,
    checkpoints: mine.length,
    uncovered: walked.last.seq - Math.min(walked.last.seq, mine.at(-1)?.size ?? 0),
    forgotten: walked.forgotten,
    checkpointAt: mine.at(-1)?.at ?? null,
    faults,
  }
}

const emptiedFault: Fault = {
  seq: 1,
  fault: 'cut off',
  message: 'all entries are missing: there is a signing key, and entry 1 told of it',
}

const sizeOf = ({ text }: Checkpoint): number => Number((JSON.parse(text) as { size?: unknown }).size)

interface Walked {
  readonly last: Pick<RawEntry, 'seq' | 'hash'>
  readonly stands: Stands
  readonly forgotten: number
  readonly faults: readonly Fault[]
}

async function walk(reader: Reader, head: Head, sizes: ReadonlySet<number>): Promise<Walked> {
  const faults: Fault[] = []
  const stands = new Map<number, { root: string; head: string }>()
  const salts = openSalts(reader)
  const nodes = await openNodes(reader, head.checkpoint)
  const edge = emptyEdge()
  const contents = openContents(salts)
  let last: Walked['last'] = { seq: 0, hash: genesis }
  for await (const page of rawEntries(reader, { after: 0, upTo: head.seq })) {
    await salts.load(page)
    for (const entry of page) {
      const broken = linkFaults(last, entry)
      const changed = contents.fault(entry)
      faults.push(...broken)
      if (changed && !broken.some((one) => one.fault === 'changed')) faults.push(changed)
      grow(edge, entry.leaf, nodes.meet)
      if (sizes.has(edge.size)) stands.set(edge.size, { root: rootOf(edge), head: entry.hash })
      last = entry
    }
  }
  return {
    last,
    stands,
    forgotten: contents.forgotten(),
    faults: [...faults, ...contents.removed(), ...nodes.faults()],
  }
}

function linkFaults(previous: Pick<RawEntry, 'seq' | 'hash'>, entry: RawEntry): Fault[] {
  const faults: Fault[] = []
  const { seq } = entry
  if (seq > previous.seq + 1)
    faults.push({
      seq: previous.seq + 1,
      fault: 'missing',
      message: `entries ${previous.seq + 1} to ${seq - 1} are missing`,
    })
  else if (entry.previous !== previous.hash)
    faults.push({ seq, fault: 'inserted', message: `entry ${seq} does not follow entry ${previous.seq}` })
  if (linkHash(entry) !== entry.hash) faults.push(changedFault(seq))
  return faults
}

const changedFault = (seq: number): Fault => ({
  seq,
  fault: 'changed',
  message: `entry ${seq} is not what was written`,
})

/** Checks leaves against contents, and what has no content against what the ledger says was forgotten. */
function openContents(salts: Salts) {
  const gone: number[] = []
  /** Where words stand that nothing ties to the leaf. */
  const filled = new Set<number>()
  const ranges: (readonly [number, number])[] = []
  const said = (seq: number) => ranges.some(([from, to]) => from <= seq && seq <= to)
  return {
    fault(entry: RawEntry): Fault | undefined {
      const { seq, leaf } = entry
      const salt = entry.subject === null ? undefined : salts.of(entry.subject)
      if (salt === undefined || entry.subject === null) {
        gone.push(seq)
        if (!isEmpty(entry)) filled.add(seq)
        return undefined
      }
      if (salt === false || leafOf(entryKey(salt, seq), contentText(entry)) !== leaf) return changedFault(seq)
      if (entry.type === forgottenType)
        ranges.push(...(JSON.parse(entry.body) as { entries: [number, number][] }).entries)
      return undefined
    },
    forgotten: () => gone.filter(said).length,
    removed: (): Fault[] =>
      gone.flatMap((seq): Fault[] => {
        if (said(seq)) return filled.has(seq) ? [filledFault(seq)] : []
        const message = `the content of entry ${seq} is gone, and no entry says that it was forgotten`
        return [{ seq, fault: 'removed', message }]
      }),
  }
}

const isEmpty = (entry: RawEntry): boolean =>
  entry.subject === null &&
  Object.entries(entry).every(([name, value]) => linkNames.has(name) || value === null)

const linkNames: ReadonlySet<string> = new Set(['seq', 'leaf', 'previous', 'hash'])

const filledFault = (seq: number): Fault => ({
  seq,
  fault: 'changed',
  message: `the content of entry ${seq} was forgotten, and somebody put another there`,
})

async function endFaults(
  reader: Reader,
  head: Awaited<ReturnType<typeof readHead>>,
  last: Walked['last'],
): Promise<{ readonly now: Head; readonly faults: readonly Fault[] }> {
  const faults: Fault[] = []
  const { ledgerEntry } = tables(reader)
  const [end] = await reader.q.select({ seq: max(ledgerEntry.seq) }).from(ledgerEntry)
  const now = await readHead(reader)
  if (head.seal !== undefined && head.seal !== sealOf(reader, head))
    faults.push({ seq: head.seq, fault: 'head', message: 'the head was not written by this service' })
  if (head.seq > last.seq)
    faults.push({
      seq: last.seq + 1,
      fault: 'cut off',
      message: `entries ${last.seq + 1} to ${head.seq} are missing at the end`,
    })
  const longest = Number(end?.seq ?? 0)
  if (longest > now.seq || (head.seq === last.seq && head.hash !== last.hash))
    faults.push({
      seq: Math.max(longest, last.seq),
      fault: 'head',
      message: 'the chain does not end where the head says',
    })
  return { now, faults }
}
