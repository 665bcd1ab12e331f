import type { Words } from '../../datamap/model.ts'
import type { Keys } from '../../ops/sealing.ts'
import type { Row } from '../../stores/port.ts'
import { type EngineDeps, storeOf } from '../deps.ts'
import { rowFilter } from '../locate/columns.ts'
import { keyOfRow, keyText, type Located } from '../locate/reach.ts'
import { columnOf } from '../locate/values.ts'
import type { Drawing, DrawnStep } from '../plan/draw.ts'
import type { OrderFinding, WorkItem } from '../tables.ts'
import { type Needle, nameNeedles, needlesOf } from '../text/needles.ts'
import { type Other, type OthersIn, othersFinder } from '../text/others.ts'
import { type Chosen, passageHash } from './choices.ts'
import { type Leads, namesAround, newLeads, noteIds, referencesOf } from './known.ts'
import { isOurs } from './ours.ts'
import { type Rule, ruleFor } from './rule.ts'
import type { OtherChoice, OthersCount } from './tables.ts'
import { type Around, copiedText, isCopied, textFields } from './texts.ts'

export interface OthersFound {
  /** Of people around her: looked for in every text that is copied. */
  readonly names: readonly string[]
  readonly counts: readonly OthersCount[]
}

/** One person in one field of one row, for an officer to look at. Personal data, of several people. */
export interface Passage extends Pick<Other, 'kind' | 'value'> {
  readonly store: string
  readonly collectionId: string
  readonly title: Words
  readonly key: readonly string[]
  readonly field: string
  /** Names it in a choice; a keyed hash. */
  readonly passage: string
  /** The text around the first place where it stands. */
  readonly around: Around
  readonly rule: Rule
  readonly chosen: OtherChoice | undefined
}

interface Survey {
  readonly deps: EngineDeps
  readonly keys: Keys
  readonly located: Located
  readonly chosen: Chosen
  readonly signal?: AbortSignal | undefined
}

/**
 * Who else stands in the texts that an access would copy: counted by collection, field and kind, and told one by one to whoever
 * listens. The texts are read twice: addresses and numbers lead to people, whose names are then looked for. Reads only.
 */
export async function surveyOthers(
  survey: Survey,
  steps: Drawing['steps'],
  tell: (passage: Passage) => void = () => undefined,
): Promise<OthersFound> {
  const copies = steps.filter(({ action }) => action === 'collect')
  const leads = newLeads()
  for (const step of copies) await findLeads(survey, step, leads)
  const names = await namesAround(survey.deps, survey.located, leads, survey.signal)
  const counts: OthersCount[] = []
  for (const step of copies) counts.push(...(await countIn(survey, step, names, tell)))
  return { names, counts }
}

/** What is hers, for detection: whole names only, in another's address a part of one says nothing. */
export const herParts = (
  deps: EngineDeps,
  store: string,
  { identifiers, names }: Pick<Located, 'identifiers' | 'names'>,
): Needle[] => [...needlesOf(identifiers, deps.policyOf(store)), ...nameNeedles(names, false)]

export const findOthers = (
  deps: EngineDeps,
  store: string,
  hers: readonly Needle[],
  names: readonly string[],
): OthersIn => othersFinder({ hers, names, policy: deps.policyOf(store), isOurs: isOurs(deps, store) })

async function findLeads(survey: Survey, step: DrawnStep, leads: Leads): Promise<void> {
  const { deps } = survey
  const edges = referencesOf(deps, step.collection)
  await eachText(
    survey,
    step,
    [],
    edges.map(({ toField }) => toField),
    {
      row: (row) => noteIds(deps, step.collection, edges, row, leads),
      met: (_, __, { kind, value }) => void leads.lines.get(kind)?.add(value),
    },
  )
}

async function countIn(
  { keys, chosen, ...survey }: Survey,
  step: DrawnStep,
  names: readonly string[],
  tell: (passage: Passage) => void,
): Promise<OthersCount[]> {
  const { store, id, name, title } = step.collection
  const counts = new Map<string, OthersCount>()
  const seen = new Set<string>()
  await eachText({ ...survey, keys, chosen }, step, names, [], {
    row: () => seen.clear(),
    met(item, field, { kind, value }, around) {
      const passage = passageHash(keys, id, item.key, field, { kind, value })
      if (seen.has(passage)) return
      seen.add(passage)
      const [rule, said] = [ruleFor(item), chosen(id, passage)]
      const at = `${field}\0${kind}`
      const none = { store, collection: name, collectionId: id, field, kind, hidden: 0, left: 0, open: 0 }
      const count = counts.get(at) ?? none
      const as = said === undefined ? rule : said === 'hide' ? 'hidden' : 'left'
      counts.set(at, { ...count, [as]: count[as] + 1 })
      tell({
        store,
        collectionId: id,
        title,
        key: item.key,
        field,
        kind,
        value,
        passage,
        around,
        rule,
        chosen: said,
      })
    },
  })
  return [...counts.values()]
}

/** Reads the texts of a step's rows, as they would be copied, and tells everybody else in them. */
async function eachText(
  { deps, located, signal }: Survey,
  { collection, items }: DrawnStep,
  names: readonly string[],
  more: readonly string[],
  tell: {
    row(row: Row): void
    met(item: WorkItem, field: string, other: Other, around: Around): void
  },
): Promise<void> {
  const fields = textFields(collection)
  if (fields.length === 0 && more.length === 0) return
  const { store, table, key } = collection
  const byKey = new Map(items.map((item) => [keyText(item.key), item]))
  const columns = [
    ...new Set([
      ...key,
      ...fields.map(({ name }) => name),
      ...more.map((name) => columnOf(collection, name)),
    ]),
  ]
  const hers = herParts(deps, store, located)
  const others = findOthers(deps, store, hers, names)
  await storeOf(deps, store).reading(
    async (reader) => {
      const where = rowFilter(collection)
      for await (const page of reader.rows({
        table,
        key,
        columns,
        where,
        keys: items.map((item) => item.key),
      }))
        for (const row of page) {
          signal?.throwIfAborted()
          const item = byKey.get(keyText(keyOfRow(collection, row) ?? []))
          if (!item) continue
          tell.row(row)
          for (const field of fields) {
            const value = row[field.name] ?? null
            if (value === null || !isCopied(field, item)) continue
            const hides = (other: Other, around: Around) => {
              tell.met(item, field.name, other, around)
              return false
            }
            copiedText(field, value, item, { hers, others, hides })
          }
        }
    },
    signal ? { signal } : {},
  )
}

/** An officer looks at what no rule hides and nobody can tell who wrote (Art. 15(4), recital 63). */
export function othersFindings({ counts }: OthersFound): OrderFinding[] {
  return counts
    .filter(({ open }) => open > 0)
    .map(({ store, collection, field, kind, open }) => ({
      kind: 'others',
      store,
      collection: `${collection}.${field}`,
      rows: open,
      message: `other people stand here by ${kindWords[kind]}, in rows of the person’s own of which nobody can tell who wrote them: left in the copy unless an officer withholds them`,
    }))
}

const kindWords: Readonly<Record<Other['kind'], string>> = {
  email: 'e-mail address',
  phone: 'telephone number',
  name: 'name',
}
