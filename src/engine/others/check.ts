import { LetheError } from '../../base/errors.ts'
import type { Ctx } from '../../ops/db/database.ts'
import { stopOrder } from '../plan/job.ts'
import type { CollectedRow, MetOther } from '../run/collect.ts'
import type { CollectedCollection } from '../spool/read.ts'
import { namesFinder } from '../text/known-names.ts'
import { openBook } from '../text/many/book.ts'
import { searchValues } from '../text/many/search.ts'
import { isText } from './texts.ts'

/** Somebody who is to be withheld stands in a finished copy after all. No personal data. */
export interface Leak {
  /** `store.collection.field` of the copied rows, or a file of the package. */
  readonly where: string
  readonly kind: MetOther['kind']
  readonly count: number
}

/** A file that a person would read, in pieces. */
export interface FinishedText {
  readonly path: string
  readonly pieces: AsyncIterable<string>
}

type Known = Pick<MetOther, 'kind' | 'value'>
type Named = ReadonlyMap<string, Known>

/**
 * Looks over a finished copy: whoever is withheld in a field may not stand in that field, and whoever is withheld everywhere may not
 * stand in any file. A value that the copy says elsewhere by right, in a field that is no text or because an officer leaves it, is
 * held against its own fields only; so is what we say ourselves (`said`: whom to write to, the authority). Reads in pieces.
 */
export async function leaksIn(
  parts: readonly CollectedCollection[],
  texts: AsyncIterable<FinishedText>,
  said = '',
): Promise<Leak[]> {
  const leaks = new Map<string, Leak>()
  const leak = (where: string, { kind }: Known) => {
    const known = leaks.get(`${where} ${kind}`)
    leaks.set(`${where} ${kind}`, { where, kind, count: (known?.count ?? 0) + 1 })
  }
  const everywhere = await nowhereLeft(parts, leak)
  for (const found of everywhere.size > 0 ? await seeker(everywhere)([said]) : [])
    everywhere.delete(idOf(found))
  if (everywhere.size === 0) return [...leaks.values()]
  const seek = seeker(everywhere)
  for await (const { path, pieces } of texts)
    for await (const text of overlapping(pieces)) for (const found of await seek([text])) leak(path, found)
  return [...leaks.values()]
}

/** Who is withheld wherever she stands; on the way each field is held against what it should not hold. */
async function nowhereLeft(
  parts: readonly CollectedCollection[],
  leak: (where: string, found: Known) => void,
): Promise<Map<string, Known>> {
  const [hidden, left] = [new Map<string, Known>(), new Set<string>()]
  const seekers = new Map<string, ReturnType<typeof seeker>>()
  for (const { collection, rows } of parts)
    for await (const row of rows())
      for (const { field, kind, value, isHidden } of row.others ?? []) {
        const id = idOf({ kind, value })
        if (!isHidden) left.add(id)
        else {
          hidden.set(id, { kind, value })
          const seek = seekers.get(id) ?? seeker(new Map([[id, { kind, value }]]))
          seekers.set(id, seek)
          for (const found of await seek([row.values[field] ?? null]))
            leak(`${collection.store}.${collection.name}.${field}`, found)
        }
      }
  const open = new Map([...hidden].filter(([id]) => !left.has(id)))
  for (const id of await saidByFields(parts, open)) open.delete(id)
  return open
}

/** What stands in a field that is no text, or names a file, is hers to know: it is a part of her record. */
async function saidByFields(parts: readonly CollectedCollection[], known: Named): Promise<Set<string>> {
  const said = new Set<string>()
  if (known.size === 0) return said
  const seek = seeker(known)
  for (const { collection, rows } of parts) {
    const fields = collection.fields.filter((field) => !isText(field)).map(({ name }) => name)
    let batch: (string | null)[] = []
    const look = async () => {
      for (const found of await seek(batch)) said.add(idOf(found))
      batch = []
    }
    for await (const row of rows()) {
      batch.push(...plainValues(row, fields))
      if (batch.length > 2000) await look()
    }
    await look()
  }
  return said
}

const plainValues = ({ values, files = [] }: CollectedRow, fields: readonly string[]): (string | null)[] => [
  ...fields.map((name) => values[name] ?? null),
  ...files.map(({ name }) => name),
]

const idOf = ({ kind, value }: Known): string => `${kind}:${value}`

/** Answers which of these people stand in any of the texts. */
function seeker(known: Named): (texts: readonly (string | null)[]) => Promise<Known[]> {
  const all = [...known.values()]
  const book = openBook([all.filter(({ kind }) => kind !== 'name')], {})
  const namesIn = namesFinder(all.filter(({ kind }) => kind === 'name').map(({ value }) => value))
  return async (texts) => {
    const found = new Map<string, Known>()
    const note = (id: string) => {
      const one = known.get(id)
      if (one) found.set(id, one)
    }
    const listener = {
      hit: (_: number, { needle }: { needle: Known | { kind: string; value: string } }) =>
        note(`${needle.kind}:${needle.value}`),
      unread: () => undefined,
    }
    if (book.size > 0) await searchValues(book, texts, listener, false)
    for (const text of texts)
      for (const { value } of text === null ? [] : namesIn(text)) note(idOf({ kind: 'name', value }))
    return [...found.values()]
  }
}

/** No identifier is longer, however it is written. */
const overlap = 1500
const pieceLength = 1 << 18

async function* overlapping(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let text = ''
  for await (const piece of pieces) {
    text += piece
    if (text.length < pieceLength) continue
    yield text
    text = text.slice(-overlap)
  }
  yield text
}

/**
 * The copy is not handed out: the order stops with what was found and where, and goes on when an officer has it planned again.
 * Ledger: `engine.stopped`.
 */
export async function stopLeak(ctx: Ctx, orderId: string, leaks: readonly Leak[]): Promise<void> {
  await stopOrder(
    ctx,
    orderId,
    leaks.map(({ where, kind, count }) => ({
      kind: 'others',
      collection: where,
      rows: count,
      message: `somebody who is to be withheld still stands in the finished copy (${kind}): it was not handed out. Withhold or leave the passage, and try again.`,
    })),
  )
}

export const leakError = (leaks: readonly Leak[]): LetheError =>
  new LetheError(
    'refused',
    `the finished copy names people who are to be withheld, in ${leaks.map(({ where }) => where).join(', ')}`,
    { hint: 'Look at the passages of these fields, say what becomes of them, and try again.' },
  )
