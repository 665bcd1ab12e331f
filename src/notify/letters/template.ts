import { z } from 'zod'
import { nearest } from '../../base/nearest.ts'
import { parseYaml } from '../../base/yaml.ts'
import { type LetterName, type LetterSpec, specOf } from './spec.ts'

/** One letter in one language, read and checked. */
export interface Template {
  /** `policies/letters/nl/refusal.md`. */
  readonly file: string
  readonly subject: string
  readonly body: string
  /** Line of the first use of each placeholder. */
  readonly lines: ReadonlyMap<string, number>
}

export interface TemplateProblem {
  readonly where: string
  readonly message: string
}

const frontMatter = z.strictObject({ subject: z.string().min(1) })
const tag = /\{\{\s*([#^/]?)\s*([A-Za-z][\w-]*)\s*\}\}/g

/**
 * Reads a letter: front matter with `subject:`, then Markdown with `{{placeholders}}`; `{{#x}}…{{/x}}` stays when x is
 * given, `{{^x}}…{{/x}}` when it is not. Throws `invalid` with file and line for broken front matter, answers all else
 * that is wrong as problems.
 */
export function parseTemplate(text: string, file: string, letter: LetterName): [Template, TemplateProblem[]] {
  const source = text.replaceAll('\r\n', '\n')
  const head = /^---\n([\s\S]*?\n)---(?:\n|$)/.exec(source)
  if (!head)
    return [
      { file, subject: '', body: '', lines: new Map() },
      [
        {
          where: `${file}:1:1`,
          message: 'the letter does not begin with front matter; write ---, subject: …, ---',
        },
      ],
    ]
  // The first line stays as an empty one, so that lines in messages are those of the file.
  const { subject } = parseYaml(`\n${head[1]}`, frontMatter, file).value
  const lines = new Map<string, number>()
  const problems = problemsOf(source, file, specOf(letter), lines)
  return [{ file, subject, body: source.slice(head[0].length), lines }, problems]
}

function problemsOf(
  source: string,
  file: string,
  spec: LetterSpec,
  lines: Map<string, number>,
): TemplateProblem[] {
  const problems: TemplateProblem[] = []
  const open: { name: string; where: string }[] = []
  for (const match of source.matchAll(tag)) {
    const [, sign = '', name = ''] = match
    const before = source.slice(0, match.index)
    const line = before.split('\n').length
    const where = `${file}:${line}:${match.index - before.lastIndexOf('\n')}`
    if (!Object.hasOwn(spec, name)) problems.push({ where, message: unknown(name, Object.keys(spec)) })
    if (!lines.has(name)) lines.set(name, line)
    if (sign === '#' || sign === '^') open.push({ name, where })
    if (sign === '/' && open.pop()?.name !== name)
      problems.push({ where, message: `{{/${name}}} closes a section that is not open` })
    if (
      sign === '' &&
      spec[name] &&
      spec[name].need !== 'always' &&
      !open.some((section) => section.name === name)
    )
      problems.push({
        where,
        message: `{{${name}}} is not always there; put it between {{#${name}}} and {{/${name}}}`,
      })
  }
  for (const section of open)
    problems.push({ where: section.where, message: `{{#${section.name}}} is never closed` })
  const stray = /\{\{(?!\s*[#^/]?\s*[A-Za-z][\w-]*\s*\}\})/.exec(source)
  if (stray) {
    const line = source.slice(0, stray.index).split('\n').length
    problems.push({ where: `${file}:${line}:1`, message: 'a {{ without a placeholder; write {{name}}' })
  }
  for (const [name, { need }] of Object.entries(spec))
    if (need !== 'may' && !lines.has(name))
      problems.push({
        where: `${file}:1:1`,
        message: `the letter lacks {{${name}}}, which it must say in every language`,
      })
  return problems
}

function unknown(name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  return `unknown placeholder {{${name}}}; ${near ? `did you mean {{${near}}}?` : `known here: ${known.join(', ')}`}`
}

/** The template's text with every section kept or left out, as `given` says; a tag alone on its line takes the line along. */
export function withSections(text: string, given: (name: string) => boolean): string {
  const section =
    /(^[ \t]*)?\{\{\s*([#^])\s*([\w-]+)\s*\}\}([ \t]*\n)?((?:(?!\{\{\s*[#^])[\s\S])*?)(^[ \t]*)?\{\{\s*\/\s*\3\s*\}\}([ \t]*\n)?/m
  let rest = text
  // Innermost first: a section without another one inside is resolved until none is left.
  for (let match = section.exec(rest); match; match = section.exec(rest)) {
    const [whole, indent, sign, name = '', newline, inner = '', endIndent, endNewline] = match
    const keep = given(name) === (sign === '#')
    const head = indent !== undefined && newline !== undefined ? '' : (indent ?? '') + (newline ?? '')
    const tail =
      endIndent !== undefined && endNewline !== undefined ? '' : (endIndent ?? '') + (endNewline ?? '')
    const replacement = keep ? head + inner + tail : head && tail ? head : tail
    rest = rest.slice(0, match.index) + replacement + rest.slice(match.index + whole.length)
  }
  return rest
}
