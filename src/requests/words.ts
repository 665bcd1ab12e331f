import type { Instant, TimeZone } from '../base/instant.ts'

export const languages = ['en', 'nl', 'da'] as const
export type Language = (typeof languages)[number]

/** The nearest language that letters and pages exist in: `nl-BE` is nl, what is unknown is en. */
export function readLanguage(text: string): Language {
  const short = text.toLowerCase().split('-')[0]
  return languages.find((language) => language === short) ?? 'en'
}

/** Day and time in the regime's zone, with the zone named: nobody has to guess whose clock it is. */
export const momentWords = (at: Instant, zone: TimeZone, language: string): string =>
  new Intl.DateTimeFormat(spoken(language), {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
    timeZoneName: 'short',
  }).format(Date.parse(at))

/** British order of day and month: the regimes are European and South African. */
const spoken = (language: string): string => (language === 'en' ? 'en-GB' : language)
