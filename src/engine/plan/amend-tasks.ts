import { createHash } from 'node:crypto'
import type { CollectionMap, FieldMap, Words } from '../../datamap/model.ts'
import { isPersonal } from '../../datamap/taxonomy.ts'
import { collectionOf, type EngineDeps } from '../deps.ts'
import { correctable, isFixed } from '../masks/amend.ts'
import { encodingsOf } from '../masks/within.ts'
import type { DrawnTask } from '../order/tasks.ts'
import type { Correction } from '../tables.ts'
import type { Input, Rows } from './amend.ts'

/** What the map has no way for: rows without a mark for restriction, keys and lists that hold what is wrong. */
export function tasksFor(deps: EngineDeps, input: Input, owned: Rows): DrawnTask[] {
  return [...owned].flatMap(([id, rows]) => {
    const collection = collectionOf(deps, id)
    if (rows.length === 0 || !mustAct(collection, input)) return []
    const { store, title } = collection
    const verbs: Words =
      input.kind === 'restriction'
        ? {
            en: `Restrict by hand (Art. 18) what was found of the person in ${store}, ${title.en}: the data map knows no mark for it.`,
            nl: `Beperk zelf (art. 18) wat van deze persoon is gevonden in ${store}, ${title['nl'] ?? title.en}: de datamap kent er geen markering voor.`,
            da: `Begræns selv (art. 18), hvad der er fundet om personen i ${store}, ${title['da'] ?? title.en}: datakortet kender intet mærke for det.`,
          }
        : {
            en: `Look in ${store}, ${title.en}, whether a key, a list or a packed value there still holds what was wrong: Lethe changes none of these.`,
            nl: `Kijk in ${store}, ${title['nl'] ?? title.en}, of een sleutel, lijst of verpakte waarde nog bevat wat onjuist was: Lethe verandert die niet.`,
            da: `Se efter i ${store}, ${title['da'] ?? title.en}, om en nøgle, en liste eller en pakket værdi stadig indeholder det urigtige: det ændrer Lethe ikke.`,
          }
    return [{ store, what: verbs, mark: markOf(input.kind, id) }]
  })
}

function mustAct(collection: CollectionMap, { kind, change }: Input): boolean {
  if (collection.derived) return false
  switch (kind) {
    case 'lifting':
      return false
    case 'restriction':
      return collection.restrict === undefined && collection.fields.some((f) => f.categories.some(isPersonal))
    case 'rectification':
      return collection.fields.some(
        (field) =>
          change !== null &&
          'corrections' in change &&
          change.corrections.some(
            (one) => correctable({ ...field, list: false }, one) && isLeft(collection, field, one),
          ),
      )
  }
}

/** What was wrong is found again inside a packed value or a hash only where it is said. */
const isLeft = (collection: CollectionMap, field: FieldMap, { from }: Correction): boolean =>
  field.list === true ||
  isFixed(collection, field) ||
  (from === null && (field.hash !== undefined || encodingsOf(field) !== undefined))

const markOf = (kind: string, id: string): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, id]))
    .digest('hex')
    .slice(0, 32)
