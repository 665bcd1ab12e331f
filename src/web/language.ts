/** The languages the portal speaks. */
export const languages = ['en', 'nl', 'da'] as const
export type Language = (typeof languages)[number]

export const isLanguage = (word: string): word is Language => (languages as readonly string[]).includes(word)

/** The best of ours for an Accept-Language header (RFC 9110 section 12.5.4); English where none is wanted. */
export function negotiate(header: string | undefined): Language {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const q = parameters.map((p) => /^\s*q=([\d.]+)\s*$/.exec(p)?.[1]).find((found) => found !== undefined)
      return { language: tag.split('-')[0] ?? '', weight: q === undefined ? 1 : Number(q) }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  for (const { language } of wanted) if (isLanguage(language)) return language
  return 'en'
}

const locales: Record<Language, string> = { en: 'en-GB', nl: 'nl-NL', da: 'da-DK' }
export const localeOf = (language: Language): string => locales[language]
