import { verify } from 'node:crypto'
import { canonicalJson } from '../base/json.ts'
import { sha256 } from '../ops/sealing.ts'
import { genesis } from './chain.ts'
import type { Checkpoint, CheckpointText } from './checkpoint.ts'
import type { Fault, Stands } from './faults.ts'
import type { Head } from './head.ts'
import type { Ring } from './verify-keys.ts'

interface Seen {
  readonly ring: Ring
  readonly stands: Stands
  readonly head: Head
}

/** Every checkpoint: signed by the key of its time, after the one before it, and true of the entries it covers. */
export function checkpointFaults({
  ring,
  stands,
  head,
  mine,
  beyond,
}: Seen & {
  readonly mine: readonly (Checkpoint & { readonly size: number })[]
  /** Checkpoints that no head ever named. */
  readonly beyond: readonly { readonly size: number }[]
}): Fault[] {
  const faults: Fault[] = []
  const say = (seq: number, fault: Fault['fault'], message: string) =>
    void faults.push({ seq, fault, message })
  let before: { readonly text: string; readonly at: string } | undefined
  let isTorn = false
  for (const one of mine) {
    const text = readText(one)
    if (text?.size !== one.size || text.previous !== (before ? sha256(before.text) : genesis))
      say(one.size, 'checkpoint', `checkpoint ${one.size} is not the one that followed the one before it`)
    else if (before && text.at < before.at)
      say(one.size, 'checkpoint', `checkpoint ${one.size} is older than the one before it`)
    if (!text || !isSigned(ring, one, text))
      say(one.size, 'signature', `checkpoint ${one.size} is not signed by the key of its time`)
    const stand = stands.get(one.size)
    if (!isTorn && text && (stand?.root !== text.root || stand.head !== text.head)) {
      isTorn = true
      say(one.size, 'root', `the entries up to ${one.size} are not those that checkpoint ${one.size} covers`)
    }
    before = { text: one.text, at: text?.at ?? '' }
  }
  if ((mine.at(-1)?.size ?? 0) !== head.checkpoint)
    say(head.checkpoint, 'checkpoint', `checkpoint ${head.checkpoint} is missing`)
  for (const { size } of beyond) say(size, 'checkpoint', `checkpoint ${size} was put there by somebody else`)
  return faults
}

/** What somebody outside kept: every one of them must be a stretch of this ledger. */
export function knownFaults({
  ring,
  stands,
  head,
  known,
}: Seen & { readonly known: readonly Checkpoint[] }): Fault[] {
  return known.flatMap((one): Fault[] => {
    const text = readText(one)
    const seq = text?.size ?? 0
    const say = (message: string): Fault[] => [{ seq, fault: 'anchor', message }]
    if (!text || !isSigned(ring, one, text)) return say(`the kept checkpoint ${seq} is of another ledger`)
    if (seq > head.seq)
      return say(`the ledger had ${seq} entries at ${text.at}, and has ${head.seq} now: it was set back`)
    const stand = stands.get(seq)
    if (stand?.root !== text.root || stand.head !== text.head)
      return say(`the entries up to ${seq} are not those that stood here at ${text.at}`)
    return []
  })
}

function readText({ text }: Checkpoint): CheckpointText | undefined {
  try {
    const read = JSON.parse(text) as CheckpointText
    return read.kind === 'lethe-checkpoint-1' && canonicalJson({ ...read }) === text ? read : undefined
  } catch {
    // Not ours.
    return undefined
  }
}

function isSigned(ring: Ring, { text, signature }: Checkpoint, { key, at }: CheckpointText): boolean {
  const known = ring.get(key)
  if (!known || at < known.from || (known.until !== undefined && at > known.until)) return false
  return verify(null, Buffer.from(text), known.key, Buffer.from(signature, 'hex'))
}
