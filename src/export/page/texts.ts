/** Every text of the page in one language. */
export interface PageTexts {
  readonly language: string
  readonly title: string
  readonly contents: string
  readonly reference: string
  readonly received: string
  readonly made: string
  readonly from: string
  readonly contact: string
  readonly informationTitle: string
  readonly informationIntro: (provision: string) => string
  readonly provision: string
  readonly confirmed: string
  readonly nothingFound: string
  readonly onBehalfOf: string
  readonly purposes: string
  readonly categories: string
  readonly recipients: string
  readonly storage: string
  readonly source: string
  readonly transfers: string
  readonly notRecorded: string
  readonly rightsTitle: string
  readonly rights: readonly string[]
  readonly complaint: string
  readonly decisionsTitle: string
  readonly dataTitle: string
  readonly dataIntro: string
  readonly records: (count: string, plural: Intl.LDMLPluralRule) => string
  readonly noRecords: string
  readonly firstOf: (shown: string, all: string) => string
  readonly files: string
  readonly record: (number: string) => string
  readonly links: Readonly<Record<'owned' | 'shared' | 'mentioned', string>>
  readonly hidden: string
  readonly cut: string
  readonly emptyRecord: string
  readonly media: (count: string) => string
  readonly moreMedia: string
  readonly leftOutTitle: string
  readonly leftOutNothing: string
  readonly leftOutCaption: string
  readonly system: string
  readonly what: string
  readonly count: string
  readonly why: string
  readonly grounds: Readonly<Record<string, string>>
  readonly filesTitle: string
  readonly filesHelp: readonly string[]
}
