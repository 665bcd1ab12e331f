import type { RulePacks } from './clock/load.ts'

/** A letter as a person receives it. */
export interface Rendered {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** What a letter may say; a list becomes one line each, an absent or empty value leaves its part out. */
export type LetterValues = Readonly<Record<string, string | readonly string[] | undefined>>

/** What the verbs of this room need besides their transaction; made once by app.ts. */
export interface RequestDeps {
  readonly regimes: RulePacks
  /** Throws `invalid` when there is no such letter; falls back to English for a language without it. */
  readonly render: (input: {
    readonly language: string
    readonly letter: string
    readonly values: LetterValues
  }) => Rendered
  /** Public address without a slash at the end; stands in letters. */
  readonly url: string
  /** Whether an access request is granted by itself once its plan stands and every e-mail address in it is proved. */
  readonly autoGrant: boolean
}
