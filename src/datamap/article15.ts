import { basisWords, categoryWords } from './article15-words.ts'
import type { CollectionMap, DataMap, DatasetMap, Words } from './model.ts'
import { isPersonal } from './taxonomy.ts'

/** What Art. 15(1)–(2) wants told of one system. Words carry every language the map has; pick one with `say`. */
export interface SystemInformation {
  readonly dataset: string
  readonly store: string
  readonly title: Words
  readonly role: 'controller' | 'processor'
  /** Whose processor we are, where we are one. */
  readonly controller: string | undefined
  readonly purposes: readonly Words[]
  /** Plain words for the categories, each once. */
  readonly categories: readonly Words[]
  readonly bases: readonly Words[]
  readonly recipients: readonly Words[]
  readonly sources: readonly Words[]
  readonly transfers: Words | undefined
  /** ISO 8601 duration for which a backup may still hold what was erased. */
  readonly backupHorizon: string | undefined
  readonly periods: readonly Words[]
  /** What the map leaves open: an officer must fill it in before the answer goes. */
  readonly unstated: readonly ('purpose' | 'basis')[]
}

export interface Article15Options {
  /** Only these collections (ids), such as those in which something was found; left out: all. */
  readonly collections?: ReadonlySet<string> | undefined
  /** How long each collection is kept, by its id, in the words of the retention room. */
  readonly periods?: ReadonlyMap<string, readonly Words[]> | undefined
}

/** The text in a language, else in English. `nl-NL` reads `nl`. */
export const say = (words: Words, language: string): string =>
  words[language] ?? words[language.split('-')[0] ?? ''] ?? words.en

/** The information of Art. 15(1)(a) to (d), (g) and 15(2), system by system; systems without personal data are left out. */
export function article15(map: DataMap, options: Article15Options = {}): SystemInformation[] {
  return map.datasets.flatMap((dataset) => {
    const told = dataset.collections.filter(
      (c) => !c.skip && categoriesOf(c).length > 0 && (options.collections?.has(c.id) ?? true),
    )
    return told.length > 0 ? [informationOf(dataset, told, options)] : []
  })
}

function informationOf(
  d: DatasetMap,
  told: readonly CollectionMap[],
  options: Article15Options,
): SystemInformation {
  const stated = (what: 'purpose' | 'basis') => told.filter((c) => !c.unstated?.includes(what))
  return {
    dataset: d.key,
    store: d.store,
    title: d.title,
    role: d.role,
    controller: d.controller,
    purposes: once(stated('purpose').map((c) => c.purpose)),
    categories: once(told.flatMap(categoriesOf).map(categoryWords)),
    bases: once(stated('basis').map((c) => basisWords[c.basis])),
    recipients: once(told.flatMap((c) => c.recipients)),
    sources: once(told.flatMap((c) => (c.source ? [c.source] : []))),
    transfers: d.transfers,
    backupHorizon: d.backupHorizon,
    periods: once(told.flatMap((c) => options.periods?.get(c.id) ?? [])),
    unstated: (['purpose', 'basis'] as const).filter((what) => told.some((c) => c.unstated?.includes(what))),
  }
}

const categoriesOf = (c: CollectionMap): string[] =>
  [...c.categories, ...c.fields.flatMap((f) => f.categories)].filter(isPersonal)

const once = (list: readonly Words[]): Words[] => [
  ...new Map(list.map((w) => [JSON.stringify(w), w])).values(),
]
