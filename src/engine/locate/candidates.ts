import { type Identity, normalise } from '../../base/identity.ts'
import type { CollectionMap, FieldMap } from '../../datamap/model.ts'
import type { Row } from '../../stores/port.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import type { Candidate } from '../tables.ts'
import { ask } from './ask.ts'
import { isName, rowFilter } from './columns.ts'
import { keyOfRow, keyText, type Located } from './reach.ts'
import { columnOf, placeOf, valuesIn } from './values.ts'

/** Of one kind in one collection; a name that thousands have says nothing. */
const mostOfAKind = 20

/**
 * What may be the same person's and was not proved: other addresses and numbers in her own records, and records of people who
 * differ by a tag (`ann+shop@`), by dots in a Gmail address, or not at all in their name. Listed for an officer and searched for
 * only when one accepts it (stores.md, traps 3, 4, 7, 8, 10). A guard, not a proof: more than two dots are not tried. Reads only.
 */
export async function findCandidates(
  deps: EngineDeps,
  given: readonly Identity[],
  located: Located,
  signal?: AbortSignal,
): Promise<Candidate[]> {
  // A line that several people have is nobody's to accept.
  const known = new Set([...given.flatMap((one) => normalForms(deps, one)), ...located.lines].map(idText))
  const found = new Map<string, Candidate>()
  for (const [id, rows] of located.rows) {
    const collection = deps.map.collections.get(id)
    if (!collection?.person) continue
    for (const row of rows.values())
      if (row.reach === 'owned')
        for (const identity of identitiesIn(deps, collection, row.values))
          add(found, known, {
            ...identity,
            why: 'own record',
            store: collection.store,
            collection: collection.name,
          })
  }
  for (const collection of deps.map.collections.values())
    if (collection.person && !collection.skip)
      for (const candidate of await alike(deps, collection, given, located, signal))
        add(found, known, candidate)
  return [...found.values()]
}

function add(found: Map<string, Candidate>, known: ReadonlySet<string>, candidate: Candidate): void {
  const id = idText(candidate)
  if (!known.has(id) && !found.has(id)) found.set(id, candidate)
}

const idText = ({ kind, value }: Identity): string => `${kind}:${value}`

const normalForms = (deps: EngineDeps, { kind, value }: Identity): Identity[] =>
  [...deps.stores.keys()].flatMap((store) => {
    const normal = normalise(kind, value, deps.policyOf(store))
    return normal === undefined ? [] : [{ kind, value: normal }]
  })

/** Addresses and numbers that stand in a record of a person, ours left out. */
function identitiesIn(deps: EngineDeps, collection: CollectionMap, row: Row): Identity[] {
  const policy = deps.policyOf(collection.store)
  return collection.fields
    .filter((field) => field.format !== 'exact' && !field.hash && !field.encoding)
    .flatMap((field) => {
      const at = placeOf(collection, field.name)
      return valuesIn(at, row[at.column] ?? null, field.format, policy)
        .filter((value) => !policy.ours?.has(value))
        .map((value) => ({ kind: field.format, value }))
    })
}

async function alike(
  deps: EngineDeps,
  collection: CollectionMap,
  given: readonly Identity[],
  located: Located,
  signal: AbortSignal | undefined,
): Promise<Candidate[]> {
  const emails = given.filter(({ kind }) => kind === 'email').map(({ value }) => value.toLowerCase())
  const questions: { field: FieldMap; how: 'email' | 'exact'; values: string[]; why: Candidate['why'] }[] = []
  for (const field of collection.fields) {
    if (field.format === 'email' && !field.hash && !field.encoding) {
      questions.push({ field, how: 'email', values: emails.flatMap(withoutTag), why: 'tag' })
      questions.push({ field, how: 'email', values: emails.flatMap(withOtherDots), why: 'dots' })
    }
    if (isName(field.categories) && field.format === 'exact' && !field.encoding)
      questions.push({
        field,
        how: 'exact',
        values: located.names.filter((name) => name.trim().includes(' ')),
        why: 'name',
      })
  }
  const open = questions.filter(({ values }) => values.length > 0)
  if (open.length === 0) return []
  const hers = located.rows.get(collection.id)
  const found: Candidate[] = []
  await storeOf(deps, collection.store).reading(
    async (reader) => {
      for (const { field, how, values, why } of open) {
        const columns = columnsFor(collection)
        const question = { field: field.name, format: how, values, columns }
        let met = 0
        for await (const row of ask(reader, collection, question, {
          ...deps.policyOf(collection.store),
          plusAddressing: 'distinct',
        })) {
          const key = keyOfRow(collection, row)
          const own = key && hers?.get(keyText(key))
          if (own && own.reach !== 'possible') continue
          if (++met > mostOfAKind) break
          for (const identity of identitiesIn(deps, collection, row))
            found.push({ ...identity, why, store: collection.store, collection: collection.name })
        }
      }
    },
    signal ? { signal } : {},
  )
  return found
}

const columnsFor = (collection: CollectionMap): string[] => [
  ...new Set([
    ...collection.key,
    ...rowFilter(collection).map(({ column }) => column),
    ...collection.fields
      .filter((field) => field.format !== 'exact' || isName(field.categories))
      .map((field) => columnOf(collection, field.name)),
  ]),
]

/** `ann@x` for `ann+shop@x`. The other way round no index serves: an address with any tag is met when it is the one given. */
function withoutTag(email: string): string[] {
  const bare = email.replace(/\+[^@]*@/, '@')
  return bare === email ? [] : [bare]
}

/** Gmail delivers whatever the dots; every spelling with up to two of them, but the given one. */
function withOtherDots(email: string): string[] {
  const cut = email.lastIndexOf('@')
  const domain = email.slice(cut + 1)
  if (domain !== 'gmail.com' && domain !== 'googlemail.com') return []
  const local = email.slice(0, cut).replaceAll('.', '')
  const places = Array.from(local)
    .map((_, i) => i)
    .slice(1)
  const dotted = (...at: readonly number[]) =>
    Array.from(local, (c, i) => (at.includes(i) ? `.${c}` : c)).join('')
  const spellings = [
    local,
    ...places.map((a) => dotted(a)),
    ...places.flatMap((a) => places.filter((b) => b > a).map((b) => dotted(a, b))),
  ]
  return [...new Set(spellings)]
    .flatMap((one) => ['gmail.com', 'googlemail.com'].map((d) => `${one}@${d}`))
    .filter((one) => one !== email)
}
