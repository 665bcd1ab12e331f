import type { Reader } from '../ops/db/database.ts'
import { entryKey, type RawContent } from './chain.ts'
import { type Checkpoint, readCheckpoint } from './checkpoint.ts'
import { openSalts, rawEntries } from './raw.ts'
import type { EntryBody } from './tables.ts'
import { treeOf } from './tree.ts'

/** A line of the export. Without content, and with `forgotten`, where the content was destroyed. */
export interface ExportedEntry extends Partial<Omit<RawContent, 'body' | 'seq'>> {
  readonly seq: number
  readonly body?: EntryBody
  readonly previous: string
  readonly hash: string
  /** `SHA-256(key ‖ content)`, what the tree is made over. */
  readonly leaf: string
  readonly key?: string
  readonly forgotten?: true
  readonly proof: { readonly size: number; readonly root: string; readonly path: readonly string[] }
}

/** Every entry that a checkpoint covers, oldest first, each with its proof (RFC 9162) in that checkpoint's tree. */
export async function* exportEntries(reader: Reader, upTo: Checkpoint): AsyncGenerator<ExportedEntry> {
  const { size, root } = readCheckpoint(upTo)
  const tree = treeOf(reader, size)
  const salts = openSalts(reader)
  for await (const page of rawEntries(reader, { after: 0, upTo: size })) {
    await salts.load(page)
    for (const entry of page) {
      const { seq, leaf, previous, hash } = entry
      const salt = entry.subject === null ? undefined : salts.of(entry.subject)
      const said =
        entry.subject !== null && salt
          ? { ...entry, body: JSON.parse(entry.body) as EntryBody, key: entryKey(salt, seq) }
          : ({ seq, forgotten: true } as const)
      const proof = { size, root, path: await tree.inclusion(seq) }
      const link = { previous, hash, leaf }
      yield { ...said, ...link, proof }
    }
  }
}
