/** Every text a person receives: read from `policies/letters/<language>/*.md`, written with values. */
export { type Letters, loadLetters } from './letters/load.ts'
export { type LetterValues, type RenderedLetter, renderLetter } from './letters/render.ts'
export { isLetterName, type LetterName, letterNames, letterSpecs } from './letters/spec.ts'
