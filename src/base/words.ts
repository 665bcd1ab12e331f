/** Words for people, by language; `en` is always there. */
export type Words = { readonly en: string } & Readonly<Record<string, string>>

/** In that language, or in English where nobody wrote it: `nl-BE` takes `nl`. */
export const inLanguage = (words: Words, language: string): string =>
  words[language] ?? words[language.split('-')[0] ?? 'en'] ?? words.en
