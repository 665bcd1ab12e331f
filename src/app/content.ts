import type { Instant, TimeZone } from '../base/instant.ts'
import type { Words } from '../base/words.ts'
import { asWritten } from '../datamap/live.ts'
import { article15 } from '../datamap/article15.ts'
import type { DataMap } from '../datamap/model.ts'
import type { CollectedCollection } from '../engine/spool/read.ts'
import type { Plan } from '../engine/order/show.ts'
import type { Controller, ExportCollection, ExportMedium, LeftOut, PackageContent } from '../export/model.ts'
import type { Company } from './company.ts'

export interface PackedRequest {
  readonly reference: string
  readonly language: string
  readonly timezone: TimeZone
  readonly receivedAt: Instant
  readonly authority: Controller | undefined
}

/** Joins what the engine collected with what the data map says of it (Art. 15(1)–(3)) into what the export packs. */
export function packageContent(
  input: {
    readonly company: Company
    readonly map: DataMap
    /** Storage periods by collection id, in words. */
    readonly periods: ReadonlyMap<string, readonly Words[]>
    readonly request: PackedRequest
    readonly collected: readonly CollectedCollection[]
    readonly plan: Plan | undefined
    /** What an officer decided to leave out, with the ground (Art. 15(4), 23). */
    readonly decidedOut: readonly {
      readonly collection: string
      readonly count: number
      readonly ground: string
      readonly because: string
    }[]
  },
  createdAt: Instant,
): PackageContent {
  const { company, map, periods, request } = input
  const collections = new Set(input.collected.map(({ collection: { id } }) => asWritten(map, id)?.id ?? id))
  const systems = article15(map, { collections, periods }).map((system) => ({
    store: system.store,
    title: system.title,
    onBehalfOf: system.role === 'processor' ? system.controller : undefined,
    purposes: [...system.purposes, ...system.bases],
    categories: system.categories,
    recipients: system.recipients,
    storage: system.periods,
    source: system.sources[0],
    transfers: system.transfers,
  }))
  return {
    head: {
      reference: request.reference,
      language: request.language,
      timezone: request.timezone,
      right: 'access',
      receivedAt: request.receivedAt,
      createdAt,
      controller: { name: company.name, contact: company.contact },
      article15: { systems, authority: request.authority },
    },
    collections: input.collected.map(exportCollection),
    leftOut: [...decidedOut(map, input.decidedOut), ...sharedOut(input.plan)],
  }
}

function exportCollection({ collection, rows, media }: CollectedCollection): ExportCollection {
  return {
    store: collection.store,
    name: collection.name,
    title: collection.title,
    description: collection.description,
    fields: collection.fields
      .filter((field) => !field.secret)
      .map(({ name, title, description }) => ({ name, title, description })),
    async *rows() {
      for await (const { link, values, redacted } of rows()) yield { link: link as 'owned', values, redacted }
    },
    media: files(rows, media),
  }
}

async function* files(
  rows: CollectedCollection['rows'],
  media: CollectedCollection['media'],
): AsyncGenerator<ExportMedium> {
  for await (const { files } of rows())
    for (const { name } of files ?? []) yield { name, open: () => media(name) }
}

const sharedLine: Words = {
  en: 'These are tied only to an address or number that several people use. They are not in this copy unless it is clear that they are yours.',
  nl: 'Deze hangen alleen samen met een adres of nummer dat meerdere mensen gebruiken. Ze staan niet in deze kopie zolang niet duidelijk is dat ze van u zijn.',
  da: 'Disse hænger kun sammen med en adresse eller et nummer, som flere personer bruger. De er ikke i denne kopi, før det er klart, at de er dine.',
}

/** What was found and not packed, with its reason (Art. 15(4)). */
const sharedOut = (plan: Plan | undefined): LeftOut[] =>
  (plan?.steps ?? [])
    .filter((step) => step.action === 'decide')
    .map(({ store, collection, found }) => ({
      store,
      collection,
      count: found,
      ground: 'rights_of_others',
      because: sharedLine,
    }))

const decidedOut = (
  map: DataMap,
  parts: readonly {
    readonly collection: string
    readonly count: number
    readonly ground: string
    readonly because: string
  }[],
): LeftOut[] =>
  parts.flatMap(({ collection, count, ground, because }) => {
    const known = asWritten(map, collection)
    return known
      ? [{ store: known.store, collection: known.name, count, ground, because: { en: because } }]
      : []
  })
