import { inLanguage, type Words } from '../../base/words.ts'
import type { ManifestCollection } from '../files/manifest.ts'
import type { Controller, ExportCollection, LeftOut, PackageHead } from '../model.ts'
import { textsIn } from './languages.ts'
import type { PreviewRow } from './preview.ts'
import type { PageTexts } from './texts.ts'

/** A collection as the page shows it: where its files are, and its first rows. */
export interface PageCollection {
  readonly collection: Pick<ExportCollection, 'store' | 'title' | 'description'>
  readonly entry: ManifestCollection
  readonly rows: readonly PreviewRow[]
}

export interface PageContent {
  readonly head: PackageHead
  readonly collections: readonly PageCollection[]
  readonly leftOut: readonly LeftOut[]
}

/** What every part of the page is written with. */
export interface Writing {
  readonly texts: PageTexts
  readonly words: (words: Words) => string
  readonly number: (n: number) => string
  readonly plural: (n: number) => Intl.LDMLPluralRule
  readonly date: (at: string) => string
}

export function writingFor(head: Pick<PackageHead, 'language' | 'timezone'>): Writing {
  const texts = textsIn(head.language)
  const dates = new Intl.DateTimeFormat(texts.language === 'en' ? 'en-GB' : texts.language, {
    dateStyle: 'long',
    timeZone: head.timezone,
  })
  const numbers = new Intl.NumberFormat(texts.language)
  const plurals = new Intl.PluralRules(texts.language)
  return {
    texts,
    words: (words) => inLanguage(words, texts.language),
    number: (n) => numbers.format(n),
    plural: (n) => plurals.select(n),
    date: (at) => dates.format(new Date(at)),
  }
}

export const contactLines = (controller: Controller): string => controller.contact.join('\n')
