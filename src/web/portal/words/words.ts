import type { Language } from '../../language.ts'
import { da } from './da.ts'
import { en, type PortalWords } from './en.ts'
import { nl } from './nl.ts'

const catalogues: Record<Language, PortalWords> = { en, nl, da }

export const wordsIn = (language: Language): PortalWords => catalogues[language]
export type { PortalWords }
