import type { CollectionMap } from '../../datamap/model.ts'
import type { Row, StoreReader, StoreWriter, Value } from '../../stores/port.ts'
import { isStoreError } from '../../stores/errors.ts'
import { rowFilter } from '../locate/columns.ts'
import { keyText } from '../locate/reach.ts'
import { fileMates, nobodysFiles, removeMedia } from '../run/files.ts'
import { familyOf, type Generation, type Household, link, type Member, valuesOf } from './family.ts'
import { type FileNames, fileOf, stillNamed } from './files.ts'
import { changesOf } from './masks.ts'
import { dueQuery, ownReason } from './page.ts'
import type { KeptBy } from './tables.ts'

export interface Applied {
  readonly gone: readonly (readonly string[])[]
  readonly below: number
  readonly files: number
  readonly skipped: number
  readonly kept: Partial<Record<KeptBy, number>>
  readonly heldMs: number
}

/**
 * One transaction of the store, which may be run again after a crash anywhere:
 * 1. the rows are held and judged again, period and suspension, and everything that hangs on them is found;
 * 2. lower rows go before upper ones, or masks are written; what the store refuses is rolled back and tried row by row;
 * 3. files that no other row names are unlinked. A crash from here leaves rows without their file: the next run takes them;
 * 4. the store commits. A crash after it leaves our receipt unwritten: the next run sees which keys are gone.
 */
export async function applyRows(
  house: Household,
  keys: readonly (readonly string[])[],
  names: FileNames,
  signal?: AbortSignal,
): Promise<Applied> {
  try {
    return await inOneTransaction(house, keys, names, signal)
  } catch (error) {
    if (!isStoreError(error, 'constraint')) throw error
    if (keys.length === 1)
      return { gone: [], below: 0, files: 0, skipped: 0, kept: { constraint: 1 }, heldMs: 0 }
    const half = Math.ceil(keys.length / 2)
    return joined(
      await applyRows(house, keys.slice(0, half), names, signal),
      await applyRows(house, keys.slice(half), names, signal),
    )
  }
}

const joined = (a: Applied, b: Applied): Applied => ({
  gone: [...a.gone, ...b.gone],
  below: a.below + b.below,
  files: a.files + b.files,
  skipped: a.skipped + b.skipped,
  kept: addKept(a.kept, b.kept),
  heldMs: a.heldMs + b.heldMs,
})

export function addKept(
  a: Partial<Record<KeptBy, number>>,
  b: Partial<Record<KeptBy, number>>,
): Partial<Record<KeptBy, number>> {
  const sum = { ...a }
  for (const [reason, rows] of Object.entries(b) as [KeptBy, number][])
    sum[reason] = (sum[reason] ?? 0) + rows
  return sum
}

async function inOneTransaction(
  house: Household,
  keys: readonly (readonly string[])[],
  names: FileNames,
  signal?: AbortSignal,
): Promise<Applied> {
  const { deps, target } = house
  let began = 0
  const applied = await target.store.writing(
    async (writer) => {
      began = performance.now()
      const members = await heldMembers(house, writer, keys)
      const skipped = keys.length - members.length
      const family =
        target.spec.action === 'delete' ? await familyOf(house, writer, target.table, members) : undefined
      await deps.at?.('locked')
      const going = members.filter((member) => !member.keptBy)
      const effect = family
        ? await removeGeneration(house, writer, family, going)
        : await maskRows(house, writer, going)
      await deps.at?.('deleted')
      const files = await filesToGo(house, writer, effect.media, names)
      await removeMedia(files)
      await deps.at?.('unlinked')
      const kept: Partial<Record<KeptBy, number>> = {}
      for (const { keptBy } of members) if (keptBy) kept[keptBy] = (kept[keptBy] ?? 0) + 1
      return {
        gone: going.map((member) => member.key),
        below: effect.below,
        files: files.length,
        skipped,
        kept,
      }
    },
    signal ? { signal } : {},
  )
  const heldMs = performance.now() - began
  await deps.at?.('committed')
  return { ...applied, heldMs }
}

async function heldMembers(
  house: Household,
  writer: StoreWriter,
  keys: readonly (readonly string[])[],
): Promise<Member[]> {
  const query = dueQuery(house)
  if (!query) return []
  const { target } = house
  const members: Member[] = []
  for (const row of await writer.lockRows({ ...query, keys })) {
    if (target.guard.due?.verdict(row[target.spec.from]) !== 'due') continue
    const key = target.collection.key.map((column) => String(row[column]))
    members.push({ collection: target.collection, key, row, keptBy: ownReason(house, key, row) })
  }
  return members
}

interface Effect {
  /** Rows below the purged table's. */
  below: number
  readonly media: { readonly collection: CollectionMap; readonly row: Row }[]
}

/** The lowest first; `upper` are the rows of this generation that go. */
async function removeGeneration(
  house: Household,
  writer: StoreWriter,
  generation: Generation,
  upper: readonly Member[],
): Promise<Effect> {
  const effect: Effect = { below: 0, media: [] }
  if (upper.length === 0) return effect
  for (const { tie, generation: lower } of generation.below) {
    const linked = new Set(upper.map((member) => link(member.row, tie.above)))
    const going = lower.members.filter((member) => linked.has(link(member.row, tie.columns)))
    const under = await removeGeneration(house, writer, lower, going)
    effect.below += under.below + going.length
    effect.media.push(...under.media)
  }
  for (const tie of generation.plain) {
    const keys = valuesOf(upper, tie.above[0] as string).map((value) => [value])
    if (keys.length > 0)
      effect.below += await writer.remove({ table: tie.table.name, key: tie.columns, keys })
  }
  for (const turn of turnsOf(generation, upper))
    for (const [collection, members] of Map.groupBy(turn, (member) => member.collection as CollectionMap)) {
      const { table, key } = collection
      const isRoot = collection.id === house.target.collection.id
      const query = isRoot ? dueQuery(house) : undefined
      await writer.remove({
        table,
        key,
        where: query?.where ?? rowFilter(collection),
        ...(query?.before && { before: query.before }),
        keys: members.map((member) => member.key),
      })
      effect.media.push(...members.map(({ row }) => ({ collection, row })))
    }
  return effect
}

/** Rows that point at others of their table go in an earlier statement: MariaDB checks row by row. */
function turnsOf({ inner }: Generation, members: readonly Member[]): Member[][] {
  const turns: Member[][] = []
  let left = new Set(members)
  while (left.size > 0) {
    const blocked = new Set(inner.filter(({ first }) => left.has(first)).map(({ then }) => then))
    const free = [...left].filter((member) => !blocked.has(member))
    // A circle: all at once, which the store may refuse.
    const turn = free.length > 0 ? free : [...left]
    turns.push(turn)
    left = new Set([...left].filter((member) => !turn.includes(member)))
  }
  return turns
}

async function maskRows(
  { target }: Household,
  writer: StoreWriter,
  members: readonly Member[],
): Promise<Effect> {
  const { collection, masks } = target
  const { table, key } = collection
  const changes = members.map((member) => ({ key: member.key, set: changesOf(member.row, masks) }))
  const sets = new Map<string, { set: Record<string, Value>; keys: (readonly string[])[] }>()
  for (const change of changes) {
    const same = JSON.stringify(
      Object.entries(change.set).map(([column, value]) => [
        column,
        value instanceof Uint8Array ? [...value] : value,
      ]),
    )
    const group = sets.get(same) ?? { set: change.set, keys: [] }
    group.keys.push(change.key)
    sets.set(same, group)
  }
  if (sets.size <= 8)
    for (const { set, keys } of sets.values())
      await writer.overwrite({ table, key, where: rowFilter(collection), keys, set })
  else await writer.rewrite({ table, key, changes })
  const losesFile =
    collection.paths !== undefined ||
    (collection.file !== undefined && masks.some((mask) => mask.column === collection.file))
  return { below: 0, media: losesFile ? members.map(({ row }) => ({ collection, row })) : [] }
}

/** Paths that no row names any more. */
async function filesToGo(
  house: Household,
  reader: StoreReader,
  media: Effect['media'],
  names: FileNames,
): Promise<string[]> {
  const { target } = house
  const paths = new Set<string>()
  for (const [collection, rows] of Map.groupBy(media, (item) => item.collection)) {
    const mates = fileMates(house.deps, collection)
    // Slower, but a picture may be somebody else's in another table.
    if (collection.paths || mates.length > 0) {
      const given = rows.map(({ row }) => row)
      const free = await nobodysFiles(reader, target.store, collection, given, mates)
      for (const path of free) paths.add(path)
      continue
    }
    const found = new Map<string, string>()
    for (const { row } of rows) {
      const file = fileOf(target.store, collection, row)
      if (typeof file === 'object') found.set(String(row[collection.file as string]), file.path)
    }
    if (found.size === 0) continue
    const named = await stillNamed(
      reader,
      collection,
      [...found.keys()],
      names.get(collection.id) ?? { has: () => true },
    )
    for (const [name, path] of found) if (!named.has(name)) paths.add(path)
  }
  return [...paths]
}

/** For a batch whose receipt is missing: which keys the store no longer has, or has in their final form. */
export async function finishedKeys(
  house: Household,
  keys: readonly (readonly string[])[],
  signal?: AbortSignal,
): Promise<(readonly string[])[]> {
  const { target } = house
  const { table, key } = target.collection
  const left = new Set<string>()
  await target.store.reading(
    async (reader) => {
      for await (const page of reader.rows({ table, key, columns: target.columns, keys }))
        for (const row of page)
          if (target.spec.action === 'delete' || Object.keys(changesOf(row, target.masks)).length > 0)
            left.add(keyText(key.map((column) => String(row[column]))))
    },
    signal ? { signal } : {},
  )
  return keys.filter((one) => !left.has(keyText(one)))
}
