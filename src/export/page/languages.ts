import { da } from './da.ts'
import { en } from './en.ts'
import { nl } from './nl.ts'
import type { PageTexts } from './texts.ts'

const all: Readonly<Record<string, PageTexts>> = { en, nl, da }

/** `nl-BE` takes Dutch; a language nobody wrote takes English. */
export const textsIn = (language: string): PageTexts =>
  all[language.toLowerCase().split('-')[0] ?? 'en'] ?? en
