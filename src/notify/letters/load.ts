import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { LetheError } from '../../base/errors.ts'
import { nearest } from '../../base/nearest.ts'
import { type Right, rights } from '../../base/right.ts'
import { InvalidFile, readYaml } from '../../base/yaml.ts'
import { letterNames, type LetterName } from './spec.ts'
import { parseTemplate, type Template, type TemplateProblem } from './template.ts'

/** Every letter in every language of a policies folder. */
export interface Letters {
  /** `da`, `en`, `nl`. */
  readonly languages: readonly string[]
  /** The language a letter exists in: `nl-BE` is nl, what nobody wrote is en. */
  nearest(language: string): string
  template(language: string, letter: LetterName): Template
  /** A right as this language calls it. Throws `invalid` for a word that is no right. */
  right(language: string, right: string): string
}

const wordsSchema = z.strictObject({
  rights: z.strictObject(Object.fromEntries(rights.map((r) => [r, z.string().min(1)]))),
})
type Words = Readonly<Record<string, string>>

/**
 * Reads `policies/letters/<language>/*.md` and `words.yaml`. Throws `invalid` (an `InvalidFile`) with ALL problems by file
 * and line: a letter or mandatory placeholder that is missing in a language, an unknown placeholder, a file that is no
 * letter. `label` is the folder's name in messages.
 */
export function loadLetters(folder: string, label = folder): Letters {
  const problems: TemplateProblem[] = []
  const templates = new Map<string, Template>()
  const words = new Map<string, Words>()
  const languages = foldersOf(folder)
  if (!languages.includes('en'))
    problems.push({
      where: `${label}/en`,
      message: 'there are no English letters; every other language falls back to them',
    })
  for (const language of languages) {
    const name = `${label}/${language}`
    problems.push(...strangers(join(folder, language), name))
    collect(problems, () => {
      words.set(
        language,
        readYaml(join(folder, language, 'words.yaml'), wordsSchema, `${name}/words.yaml`).value.rights,
      )
    })
    for (const letter of letterNames)
      collect(problems, () => {
        const file = `${name}/${letter}.md`
        const text = textOf(join(folder, language, `${letter}.md`))
        if (text === undefined)
          return void problems.push({ where: file, message: 'the letter is missing in this language' })
        const [template, found] = parseTemplate(text, file, letter)
        problems.push(...found)
        templates.set(`${language}/${letter}`, template)
      })
  }
  if (problems.length > 0) throw new InvalidFile(problems, 'Correct the letters, then run lethe check.')
  return {
    languages,
    nearest: (language) => nearestLanguage(language, languages),
    template: (language, letter) =>
      found(templates.get(`${nearestLanguage(language, languages)}/${letter}`), letter),
    right(language, right) {
      const said = words.get(nearestLanguage(language, languages))?.[right as Right]
      if (said !== undefined) return said
      throw new LetheError('invalid', `"${right}" is not a right`, { hint: `Rights: ${rights.join(', ')}.` })
    },
  }
}

function nearestLanguage(language: string, languages: readonly string[]): string {
  const short = language.toLowerCase().split('-')[0] ?? ''
  return languages.includes(short) ? short : 'en'
}

function found(template: Template | undefined, letter: string): Template {
  if (template) return template
  throw new LetheError('invalid', `there is no letter "${letter}"`, {
    hint: `Letters: ${letterNames.join(', ')}.`,
  })
}

/** Problems of one file do not hide those of the next. */
function collect(problems: TemplateProblem[], read: () => void): void {
  try {
    read()
  } catch (error) {
    if (error instanceof InvalidFile) problems.push(...error.problems)
    else if (error instanceof LetheError && error.where !== undefined)
      problems.push({ where: error.where, message: error.message.slice(error.where.length + 2) })
    else throw error
  }
}

function strangers(folder: string, name: string): TemplateProblem[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md') && !letterNames.some((letter) => file === `${letter}.md`))
    .map((file) => {
      const near = nearest(file.slice(0, -3), letterNames)
      return { where: `${name}/${file}`, message: `is no letter${near ? `; did you mean ${near}.md?` : ''}` }
    })
}

function foldersOf(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort()
  } catch {
    return [] // Answered by the caller: without English there are no letters.
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
