import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { asc, eq } from 'drizzle-orm'
import { Decrypter } from 'age-encryption'
import { LetheError } from '../../base/errors.ts'
import type { CollectionMap } from '../../datamap/model.ts'
import type { Reader } from '../../ops/db/database.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import { orderOf } from '../order/state.ts'
import { mediaPath } from '../run/files.ts'
import type { CollectedRow } from '../run/collect.ts'
import { tables } from '../tables.ts'
import { spoolFile } from './write.ts'

/** The first line of a spool file; the others are rows. */
export interface SpoolHead {
  readonly collection: CollectionMap
}

export interface CollectedCollection {
  readonly collection: CollectionMap
  readonly count: number
  /** Each call reads from the beginning. */
  rows(): AsyncIterable<CollectedRow>
  /** Opens a file that a row names, in its store. */
  media(name: string): Readable
}

/** What an access order collected, ready to be packed; throws `expired` once the order is closed. */
export async function collected(
  deps: EngineDeps,
  reader: Reader,
  orderId: string,
): Promise<readonly CollectedCollection[]> {
  const order = await orderOf(reader, orderId)
  if (order.spoolKey === null && order.status === 'closed')
    throw new LetheError('expired', 'what this order collected is destroyed', {
      hint: 'File a new request for a new copy.',
    })
  const { step } = tables(reader)
  const steps = await reader.q.select().from(step).where(eq(step.orderId, orderId)).orderBy(asc(step.seq))
  return Promise.all(
    steps
      .filter((s) => s.action === 'collect' && s.status === 'done')
      .map(async (s) => {
        const folder = storeOf(deps, s.store).files
        const file = spoolFile(deps.spool, orderId, s.seq)
        return {
          collection: await headOf(file, order.spoolKey as string),
          count: s.done,
          rows: () => rowsIn(file, order.spoolKey as string),
          media: (name: string) => createReadStream(mediaPath(folder ?? '', name)),
        }
      }),
  )
}

/** The collection as it was when its rows were read: tables and columns of the live store that the map does not name are in it. */
async function headOf(path: string, key: string): Promise<CollectionMap> {
  for await (const head of readSpool(path, key)) return (head as SpoolHead).collection
  throw new LetheError('internal', 'what was collected has lost its beginning')
}

async function* rowsIn(path: string, key: string): AsyncGenerator<CollectedRow> {
  let isHead = true
  for await (const line of readSpool(path, key)) {
    if (!isHead) yield line as CollectedRow
    isHead = false
  }
}

export async function* readSpool(path: string, key: string): AsyncGenerator<unknown> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(key)
  const sealed = Readable.toWeb(createReadStream(path)) as unknown as ReadableStream<Uint8Array>
  const plain = await decrypter.decrypt(sealed)
  for await (const line of linesOf(plain)) yield JSON.parse(line)
}

/** Not node:readline: to it U+2028 and U+2029 end a line too, and JSON writes them as they are. */
async function* linesOf(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let begun: string[] = []
  for await (const chunk of bytes) {
    const [first = '', ...more] = decoder.decode(chunk, { stream: true }).split('\n')
    begun.push(first)
    const next = more.pop()
    if (next === undefined) continue
    yield begun.join('')
    yield* more
    begun = [next]
  }
}

/** Removes the spool files of an order; without their key they could not be opened anyway. */
export const removeSpool = (deps: Pick<EngineDeps, 'spool'>, orderId: string): Promise<void> =>
  rm(join(deps.spool, orderId), { recursive: true, force: true })
