/*
 * Texts in which what is a person's is marked by whoever writes them, so that what an erasure must leave of a text is known
 * without asking the engine. The marks are private-use letters and never reach a store.
 */
const open = '\uE000'
const close = '\uE001'

/** Marks a piece of text as hers. */
export const hers = (text: string): string => `${open}${text}${close}`

export const isMarked = (text: string): boolean => text.includes(open)

/** What is stored. */
export const plain = (text: string): string => text.replaceAll(open, '').replaceAll(close, '')

/** What an erasure leaves of it. */
export const erased = (text: string): string => text.replace(/\uE000[^\uE001]*\uE001/g, '[erased]')
