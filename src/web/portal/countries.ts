import type { CountryCode } from 'libphonenumber-js/max'
import type { WebDeps } from '../deps.ts'
import { type Language, localeOf } from '../language.ts'

/** Regimes that the portal offers: those the house chose, else all that a rule pack knows. */
export const countriesOf = (deps: WebDeps): readonly string[] => deps.requests.regimes.regimes

/** `NL` in Dutch is "Nederland"; a part of a country is named with it: `GB-SCT` is "United Kingdom (Scotland)". */
export function countryName(regime: string, language: Language): string {
  const [country = regime, part] = regime.split('-')
  const name = new Intl.DisplayNames(localeOf(language), { type: 'region' }).of(country) ?? country
  return part === undefined ? name : `${name} (${parts[part]?.[language] ?? part})`
}

const parts: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  EAW: { en: 'England and Wales', nl: 'Engeland en Wales', da: 'England og Wales' },
  SCT: { en: 'Scotland', nl: 'Schotland', da: 'Skotland' },
  NIR: { en: 'Northern Ireland', nl: 'Noord-Ierland', da: 'Nordirland' },
}

/** Where most speakers of a language live: a guess that fills a field, nothing more. */
export const homeCountry = (language: Language): CountryCode | undefined =>
  ({ nl: 'NL', da: 'DK', en: undefined })[language] as CountryCode | undefined
