/**
 * What a placeholder holds. `date`: a LocalDate, written out in the letter's language (other text stays as it is). `url`:
 * an http(s) address, clickable in HTML. `list`: one or several texts, a line each. `lines`: a postal address. `right`: a
 * right by its word, said in the letter's language.
 */
export type Kind = 'text' | 'date' | 'url' | 'list' | 'lines' | 'right'

/**
 * `always`: stands in the letter in every language and must be given. `shown`: stands in it in every language, inside a
 * section, because there may be nothing to say. `may`: a letter can use it, nobody has to give it.
 */
export type Need = 'always' | 'shown' | 'may'

export interface Placeholder {
  readonly kind: Kind
  readonly need: Need
}
export type LetterSpec = Readonly<Record<string, Placeholder>>

const always = (kind: Kind): Placeholder => ({ kind, need: 'always' })
const shown = (kind: Kind): Placeholder => ({ kind, need: 'shown' })
const may = (kind: Kind): Placeholder => ({ kind, need: 'may' })

/** What any letter may use. */
const common = {
  reference: may('text'),
  right: may('right'),
  received: may('date'),
  due: may('date'),
  /** The portal. */
  url: may('url'),
  law: may('text'),
  company: may('text'),
  contact: may('text'),
  authority: may('text'),
  authorityAddress: may('lines'),
  authorityUrl: may('url'),
  authorityPhone: may('text'),
  authorityEmail: may('text'),
  court: may('text'),
} satisfies LetterSpec

/** Where she can complain and how she gets to a court: Art. 12(4), on every no and every part of a no. */
const remedies = {
  authority: always('text'),
  authorityAddress: always('lines'),
  authorityUrl: always('url'),
  court: always('text'),
} satisfies LetterSpec

/** Every letter and all it may say; a letter's file uses no other placeholder. */
export const letterSpecs = {
  /** Proves an address, and acknowledges receipt at the same time. */
  confirm: {
    ...common,
    reference: always('text'),
    right: always('right'),
    received: always('date'),
    code: always('text'),
    link: always('url'),
    codeExpires: may('text'),
    linkExpires: may('text'),
  },
  received: {
    ...common,
    reference: always('text'),
    right: always('right'),
    received: always('date'),
    due: always('date'),
  },
  'status-link': { ...common, reference: always('text'), link: always('url'), linkExpires: may('text') },
  'download-code': { ...common, reference: always('text'), code: always('text'), codeExpires: may('text') },
  /** `starts`, `pauses`: non-empty where the period begins with the answer, or stands still until it comes. */
  question: {
    ...common,
    reference: always('text'),
    question: always('list'),
    starts: shown('text'),
    pauses: shown('text'),
  },
  /** `due` is the new date. Art. 12(3): reasons; South Africa: the remedies too. */
  extension: {
    ...common,
    ...remedies,
    reference: always('text'),
    due: always('date'),
    reasons: always('list'),
  },
  'answer-access': {
    ...common,
    reference: always('text'),
    link: always('url'),
    expires: may('date'),
    /** What is not in the package, each with its ground. */
    leftOut: shown('list'),
    ...remedies,
  },
  'answer-erasure': {
    ...common,
    ...remedies,
    reference: always('text'),
    erased: shown('list'),
    /** What stays, each with its ground and until when. */
    kept: shown('list'),
    /** The day the last backup copy is gone. */
    backupDate: shown('date'),
    /** Non-empty where an address was put on the do-not-mail list. */
    suppression: shown('text'),
    /** Art. 19: who else was told. */
    recipients: may('list'),
  },
  partly: {
    ...common,
    ...remedies,
    reference: always('text'),
    right: always('right'),
    granted: always('list'),
    reasons: always('list'),
    link: may('url'),
    expires: may('date'),
  },
  refusal: {
    ...common,
    ...remedies,
    reference: always('text'),
    right: always('right'),
    received: always('date'),
    reasons: always('list'),
  },
  withdrawn: { ...common, reference: always('text'), right: always('right') },
  closed: { ...common, reference: always('text'), right: always('right'), reasons: always('list') },
} satisfies Readonly<Record<string, LetterSpec>>

export type LetterName = keyof typeof letterSpecs
export const letterNames = Object.keys(letterSpecs) as LetterName[]

export const specOf = (letter: LetterName): LetterSpec => letterSpecs[letter]
export const isLetterName = (text: string): text is LetterName => Object.hasOwn(letterSpecs, text)
