import type { Readable } from 'node:stream'
import type { Instant, TimeZone } from '../base/instant.ts'
import type { Words } from '../base/words.ts'

/*
 * What the export is given. It knows neither engine nor requests: the caller turns collected rows and the data map into
 * these. Everything a person reads comes as `Words`, and leaves in the package's one language.
 */

/** Who answers: the controller of Art. 4(7), and how to reach its privacy contact, one line of an address each. */
export interface Controller {
  readonly name: string
  readonly contact: readonly string[]
}

/** Art. 15(1)(a) to (d), (g) and 15(2) for one system. Empty lists are shown as "not recorded", never as "none". */
export interface SystemInformation {
  readonly store: string
  readonly title: Words
  /** On whose behalf the system is run, where the controller is only the processor (Art. 28). */
  readonly onBehalfOf?: string | undefined
  readonly purposes: readonly Words[]
  readonly categories: readonly Words[]
  readonly recipients: readonly Words[]
  /** The period, or the criteria for it. */
  readonly storage: readonly Words[]
  /** Where the data come from, when not from the person. */
  readonly source?: Words | undefined
  /** Transfers to a third country, with the safeguard of Art. 46. */
  readonly transfers?: Words | undefined
}

/** Art. 15(1) and (2). */
export interface Article15 {
  readonly systems: readonly SystemInformation[]
  /** Art. 15(1)(f). */
  readonly authority?: Controller | undefined
  /** Art. 15(1)(h): whether, by what logic and with what effect. Absent: the page says that nothing is recorded. */
  readonly automatedDecisions?: Words | undefined
  /** The provision in the words of the law that applies; absent: Article 15(1) and (2) GDPR. */
  readonly provision?: Words | undefined
  /** Instead of the page's own words on the rights of Art. 15(1)(e), one paragraph each. */
  readonly rights?: readonly Words[] | undefined
}

export interface PackageHead {
  /** The request's: `R-7K3M-9QTX`. */
  readonly reference: string
  /** `nl`, `da`, `en`; any other is answered in English. */
  readonly language: string
  /** In which dates are written. */
  readonly timezone: TimeZone
  readonly right: 'access' | 'portability'
  readonly receivedAt: Instant
  readonly createdAt: Instant
  readonly controller: Controller
  readonly article15: Article15
}

export interface ExportField {
  readonly name: string
  readonly title?: Words | undefined
  readonly description?: string | undefined
}

/** How a row is hers; see the data map. */
export type RowLink = 'owned' | 'shared' | 'mentioned'

export interface ExportRow {
  readonly link: RowLink
  /** By field name; only declared fields are written. */
  readonly values: Readonly<Record<string, string | null>>
  /** Fields in which what is about other people was hidden. */
  readonly redacted: readonly string[]
}

export interface ExportMedium {
  /** As the store knows it; a row whose value is this name is linked to the file. */
  readonly name: string
  open(): Readable
}

export interface ExportCollection {
  readonly store: string
  readonly name: string
  readonly title: Words
  readonly description?: string | undefined
  readonly fields: readonly ExportField[]
  /** Read twice (JSON, CSV): must yield the same rows both times, or the build fails with `conflict`. */
  rows(): AsyncIterable<ExportRow>
  readonly media?: AsyncIterable<ExportMedium> | Iterable<ExportMedium> | undefined
}

/** Something of hers that the package does not hold (Art. 15(4), Art. 23, or a national ground). */
export interface LeftOut {
  readonly store: string
  readonly collection?: string | undefined
  readonly count: number
  /** The ground's name in the rule pack: `rights_of_others`. */
  readonly ground: string
  readonly because: Words
}

export interface PackageContent {
  readonly head: PackageHead
  readonly collections: AsyncIterable<ExportCollection> | Iterable<ExportCollection>
  readonly leftOut: readonly LeftOut[]
}

/** What a finished package holds. */
export interface PackageCounts {
  readonly files: number
  readonly collections: number
  readonly rows: number
  readonly media: number
  readonly leftOut: number
}
