import { LetheError } from '../../base/errors.ts'
import { isLetterName, letterNames, type LetterName, type LetterSpec, specOf } from './spec.ts'
import { type Block, type Inline, parseInline, parseMarkdown } from './markdown.ts'
import { withSections } from './template.ts'
import type { Letters } from './load.ts'

/** An absent or empty value leaves its section out; what a letter must always say must be given. */
export type LetterValues = Readonly<Record<string, string | readonly string[] | undefined>>

export interface RenderedLetter {
  readonly subject: string
  readonly text: string
  /** A whole document; every value in it is escaped. */
  readonly html: string
}

/**
 * Writes a letter. `nl-BE` takes `nl`, a language without letters takes English. Values that the letter does not use are
 * left aside. Throws `invalid` for an unknown letter, for a value that must be given, and for a link that is not http(s);
 * the message names file and line, never a value.
 */
export function renderLetter(
  letters: Letters,
  input: {
    readonly language: string
    readonly letter: LetterName | (string & {})
    readonly values: LetterValues
  },
): RenderedLetter {
  if (!isLetterName(input.letter))
    throw new LetheError('invalid', `there is no letter "${input.letter}"`, {
      hint: `Letters: ${letterNames.join(', ')}.`,
    })
  const language = letters.nearest(input.language)
  const template = letters.template(language, input.letter)
  const spec = specOf(input.letter)
  const say = sayer(spec, language, letters, input.values, template.file)
  for (const [name, { need }] of Object.entries(spec))
    if (need === 'always' && say(name).length === 0)
      throw new LetheError('invalid', `the letter ${input.letter} needs a value for {{${name}}}`, {
        where: `${template.file}:${template.lines.get(name) ?? 1}`,
        hint: 'Whoever sends it must give one.',
      })
  const given = (name: string): boolean => say(name).length > 0
  const subject = flat(parseInline(withSections(template.subject, given)), say, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const blocks = parseMarkdown(withSections(template.body, given))
  return {
    subject,
    text: `${blocks.map((block) => textBlock(block, say)).join('\n\n')}\n`,
    html: htmlDocument(language, subject, blocks.map((block) => htmlBlock(block, say, spec)).join('\n')),
  }
}

/** A placeholder's value as the lines it consists of. */
type Say = (name: string) => readonly string[]

function sayer(
  spec: LetterSpec,
  language: string,
  letters: Letters,
  values: LetterValues,
  file: string,
): Say {
  return (name) => {
    const value = values[name]
    const lines = (value === undefined ? [] : typeof value === 'string' ? [value] : value).filter(
      (v) => v.trim() !== '',
    )
    switch (spec[name]?.kind) {
      case 'right':
        return lines.map((right) => letters.right(language, right))
      case 'date':
        return lines.map((date) => dateWords(date, language))
      case 'url':
        return lines.map((url) => checkedUrl(url, name, file))
      case 'lines':
        return lines.flatMap((line) => line.split('\n'))
      case 'text':
      case 'list':
      case undefined:
        return lines
    }
  }
}

/** `5 April 2026`, `5 april 2026`, `5. april 2026`; what is no plain date stays as it is. */
function dateWords(date: string, language: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return date
  const spoken = language === 'en' ? 'en-GB' : language
  return new Intl.DateTimeFormat(spoken, { dateStyle: 'long', timeZone: 'UTC' }).format(
    Date.parse(`${date}T12:00:00Z`),
  )
}

function checkedUrl(url: string, name: string, file: string): string {
  if (/^https?:\/\/[^\s"<>]+$/i.test(url)) return url
  throw new LetheError('invalid', `the value of {{${name}}} is not a web address`, {
    where: file,
    hint: 'Give one that begins with https:// or http://.',
  })
}

/** Plain text of a line; several values in one place are told apart by `between`. */
function flat(parts: readonly Inline[], say: Say, lineBreak: string): string {
  return parts
    .map((part): string => {
      switch (part.kind) {
        case 'text':
          return part.text
        case 'value':
          return say(part.name).join(', ')
        case 'bold':
          return flat(part.of, say, lineBreak)
        case 'break':
          return lineBreak
        case 'link': {
          const url = flat(part.url, say, '')
          return parts.length === 1
            ? `${flat(part.label, say, ' ')}:\n${url}`
            : `${flat(part.label, say, ' ')} (${url})`
        }
      }
    })
    .join('')
}

function textBlock(block: Block, say: Say): string {
  switch (block.kind) {
    case 'heading':
      return flat(block.of, say, ' ').toUpperCase()
    case 'paragraph':
      return flat(block.of, say, '\n')
    case 'list':
      return block.items
        .flatMap((item) => expanded(item, say))
        .map(
          (item) => `- ${typeof item === 'string' ? item.replaceAll('\n', '\n  ') : flat(item, say, '\n  ')}`,
        )
        .join('\n')
  }
}

/** `- {{reasons}}` becomes one item for each reason. */
function expanded(item: readonly Inline[], say: Say): (string | readonly Inline[])[] {
  const [only] = item
  return item.length === 1 && only?.kind === 'value' ? [...say(only.name)] : [item]
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`).replaceAll('\n', '<br>')

function htmlInline(parts: readonly Inline[], say: Say, spec: LetterSpec): string {
  return parts
    .map((part): string => {
      switch (part.kind) {
        case 'text':
          return escaped(part.text)
        case 'value': {
          const values = say(part.name)
          if (spec[part.name]?.kind === 'url')
            return values.map((url) => anchor(url, escaped(url))).join(', ')
          return values.map(escaped).join(spec[part.name]?.kind === 'lines' ? '<br>' : ', ')
        }
        case 'bold':
          return `<strong>${htmlInline(part.of, say, spec)}</strong>`
        case 'break':
          return '<br>'
        case 'link':
          return anchor(flat(part.url, say, ''), htmlInline(part.label, say, spec))
      }
    })
    .join('')
}

const anchor = (url: string, label: string): string => `<a href="${escaped(url)}">${label}</a>`

function htmlBlock(block: Block, say: Say, spec: LetterSpec): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${htmlInline(block.of, say, spec)}</h2>`
    case 'paragraph':
      return `<p>${htmlInline(block.of, say, spec)}</p>`
    case 'list': {
      const items = block.items.flatMap((item) => expanded(item, say))
      return `<ul>${items.map((i) => `<li>${typeof i === 'string' ? escaped(i) : htmlInline(i, say, spec)}</li>`).join('')}</ul>`
    }
  }
}

// No image, no outside resource: opening a letter tells nobody.
const htmlDocument = (language: string, subject: string, body: string): string => `<!doctype html>
<html lang="${escaped(language)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(subject)}</title></head>
<body style="max-width: 38em; margin: 1.5em auto; padding: 0 1em; font: 16px/1.5 system-ui, sans-serif">
${body}
</body>
</html>
`
