import { LetheError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import type { Words } from '../base/words.ts'
import type { Outcome, RequestRight } from './types.ts'

export interface Ground {
  readonly id: string
  /** As it stands in a letter, beside the name of the law; a law without an entry knows no such ground. */
  readonly articles: Readonly<Partial<Record<LawFamily, string>>>
  readonly rights: readonly RequestRight[]
  /** `refuse` only, or also to leave out a part. */
  readonly outcomes: readonly Exclude<Outcome, 'grant'>[]
  readonly title: Words
}

/** Laws that number alike: the GDPR and the UK GDPR, and South Africa's. */
export type LawFamily = 'gdpr' | 'popia'

export const lawFamily = (pack: string): LawFamily => (pack === 'za-popia' ? 'popia' : 'gdpr')

const both = ['access', 'erasure'] as const
const all = ['refuse', 'part'] as const

/** On what a request may be refused, wholly or in part; anything else is no answer (Art. 12(4), 12(5), 15(4), 17(3), 23). */
export const grounds: readonly Ground[] = [
  {
    id: 'manifestly_unfounded',
    articles: { gdpr: 'Art. 12(5)' },
    rights: both,
    outcomes: ['refuse'],
    title: {
      en: 'The request is manifestly unfounded',
      nl: 'Het verzoek is kennelijk ongegrond',
      da: 'Anmodningen er åbenbart grundløs',
    },
  },
  {
    id: 'excessive',
    articles: { gdpr: 'Art. 12(5)' },
    rights: both,
    outcomes: ['refuse'],
    title: {
      en: 'The request is excessive',
      nl: 'Het verzoek is buitensporig',
      da: 'Anmodningen er overdreven',
    },
  },
  {
    id: 'not_identified',
    articles: { gdpr: 'Art. 11(2), 12(2) and 12(6)', popia: 'POPIA s. 23(1)' },
    rights: both,
    outcomes: ['refuse'],
    title: {
      en: 'We could not establish who you are',
      nl: 'We konden niet vaststellen wie u bent',
      da: 'Vi kunne ikke fastslå, hvem du er',
    },
  },
  {
    id: 'not_controller',
    articles: { gdpr: 'Art. 4(7) and 28(3)', popia: 'POPIA ss. 20 and 21' },
    rights: both,
    outcomes: all,
    title: {
      en: 'We process these data for another organisation, which decides about them',
      nl: 'We verwerken deze gegevens voor een andere organisatie, die erover beslist',
      da: 'Vi behandler disse oplysninger for en anden organisation, som bestemmer over dem',
    },
  },
  {
    id: 'rights_of_others',
    articles: { gdpr: 'Art. 15(4)', popia: 'PAIA Part 3 Chapter 4' },
    rights: ['access'],
    outcomes: all,
    title: {
      en: 'A copy would harm the rights and freedoms of others',
      nl: 'Een kopie zou afbreuk doen aan de rechten en vrijheden van anderen',
      da: 'En kopi ville krænke andres rettigheder og frihedsrettigheder',
    },
  },
  {
    id: 'national_restriction',
    articles: { gdpr: 'Art. 23', popia: 'PAIA Part 3 Chapter 4' },
    rights: both,
    outcomes: all,
    title: {
      en: 'National law restricts this right in this case',
      nl: 'De nationale wet beperkt dit recht in dit geval',
      da: 'National lov begrænser denne ret i dette tilfælde',
    },
  },
  {
    id: 'no_erasure_ground',
    articles: { gdpr: 'Art. 17(1)', popia: 'POPIA s. 24' },
    rights: ['erasure'],
    outcomes: all,
    title: {
      en: 'The data are still needed, and none of the grounds for erasure applies',
      nl: 'De gegevens zijn nog nodig, en geen van de gronden voor wissing is van toepassing',
      da: 'Oplysningerne er stadig nødvendige, og ingen af grundene til sletning gælder',
    },
  },
  {
    id: 'expression',
    articles: { gdpr: 'Art. 17(3)(a)' },
    rights: ['erasure'],
    outcomes: all,
    title: {
      en: 'Freedom of expression and information',
      nl: 'Vrijheid van meningsuiting en informatie',
      da: 'Ytrings- og informationsfrihed',
    },
  },
  {
    id: 'legal_obligation',
    articles: { gdpr: 'Art. 17(3)(b)', popia: 'POPIA s. 14' },
    rights: ['erasure'],
    outcomes: all,
    title: {
      en: 'A law obliges us to keep these data',
      nl: 'Een wet verplicht ons deze gegevens te bewaren',
      da: 'En lov forpligter os til at opbevare disse oplysninger',
    },
  },
  {
    id: 'public_health',
    articles: { gdpr: 'Art. 17(3)(c)' },
    rights: ['erasure'],
    outcomes: all,
    title: {
      en: 'Public interest in public health',
      nl: 'Algemeen belang van de volksgezondheid',
      da: 'Samfundsinteresser på folkesundhedsområdet',
    },
  },
  {
    id: 'archiving',
    articles: { gdpr: 'Art. 17(3)(d)', popia: 'POPIA s. 14' },
    rights: ['erasure'],
    outcomes: all,
    title: {
      en: 'Archiving in the public interest, research or statistics',
      nl: 'Archivering in het algemeen belang, onderzoek of statistiek',
      da: 'Arkivformål i samfundets interesse, forskning eller statistik',
    },
  },
  {
    id: 'legal_claims',
    articles: { gdpr: 'Art. 17(3)(e)', popia: 'POPIA s. 14' },
    rights: ['erasure'],
    outcomes: all,
    title: {
      en: 'The data are needed for legal claims',
      nl: 'De gegevens zijn nodig voor een rechtsvordering',
      da: 'Oplysningerne er nødvendige for retskrav',
    },
  },
]

interface Choice {
  readonly right: RequestRight
  readonly outcome: Exclude<Outcome, 'grant'>
  /** Of the regime: `nl`, `uk-gdpr`, `za-popia`. */
  readonly pack: string
}

/** The grounds an officer may choose from for a right and an outcome under a law. */
export const groundsFor = ({ right, outcome, pack }: Choice): readonly Ground[] =>
  grounds.filter(
    (ground) =>
      ground.rights.includes(right) &&
      ground.outcomes.includes(outcome) &&
      ground.articles[lawFamily(pack)] !== undefined,
  )

/** Throws `invalid`, naming what fits, for a ground that is missing or does not fit the right, outcome and law. */
export function readGround(choice: Choice, id: string | undefined): Ground & { readonly article: string } {
  const fitting = groundsFor(choice)
  const found = fitting.find((ground) => ground.id === id?.replaceAll('-', '_'))
  if (found) return { ...found, article: found.articles[lawFamily(choice.pack)] as string }
  const ids = fitting.map((ground) => ground.id)
  const near = id && nearest(id, ids)
  throw new LetheError('invalid', id ? `"${id.slice(0, 60)}" is no ground for this` : 'a ground is missing', {
    hint: near ? `Did you mean ${near}?` : `Choose one of ${ids.join(', ')}.`,
  })
}

/** A ground as the law of a regime cites it; undefined for a word of the data map that is none of ours. */
export function citedGround(
  id: string | null,
  pack: string,
): { readonly title: Words; readonly article: string | undefined } | undefined {
  const found = grounds.find((ground) => ground.id === id)
  return found && { title: found.title, article: found.articles[lawFamily(pack)] }
}
