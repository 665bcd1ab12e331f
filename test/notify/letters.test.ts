import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LetheError } from '../../src/base/errors.ts'
import { rights } from '../../src/base/right.ts'
import { InvalidFile } from '../../src/base/yaml.ts'
import {
  type LetterName,
  type LetterValues,
  letterNames,
  letterSpecs,
  loadLetters,
  renderLetter,
} from '../../src/notify/letters.ts'

const letters = loadLetters('policies/letters')
const languages = ['da', 'en', 'nl'] as const

/** A value of its own for every placeholder, so that each can be found in what was written. */
const valuesOf = (
  letter: LetterName,
  needs: readonly string[] = ['always', 'shown', 'may'],
): LetterValues => {
  const values: Record<string, string | string[]> = {}
  for (const [name, { kind, need }] of Object.entries(letterSpecs[letter])) {
    if (!needs.includes(need)) continue
    values[name] = {
      text: `<${name}>`,
      date: '2026-04-05',
      url: `https://example.org/${name}?a=1&b=2`,
      list: [`${name} one`, `${name} <two>`],
      lines: ['Street 1', '1000 Town'],
      right: 'erasure',
    }[kind]
  }
  return values
}

test('every letter exists in every language', () => {
  expect(letters.languages).toEqual(languages)
  for (const language of languages)
    for (const letter of letterNames) {
      const { subject, text, html } = renderLetter(letters, { language, letter, values: valuesOf(letter) })
      for (const part of [subject, text, html]) expect(part).not.toMatch(/\{\{|\}\}|undefined|\*\*/)
      expect(subject.length).toBeGreaterThan(10)
      expect(html).toContain(`<html lang="${language}">`)
    }
})

test('every letter can be written with only what must be given', () => {
  for (const language of languages)
    for (const letter of letterNames) {
      const { text } = renderLetter(letters, { language, letter, values: valuesOf(letter, ['always']) })
      expect(text).not.toMatch(/\{\{|\}\}|undefined|\n\n\n/)
    }
})

test('no letter is the same in two languages', () => {
  for (const letter of letterNames) {
    const written = languages.map((language) =>
      renderLetter(letters, { language, letter, values: valuesOf(letter) }),
    )
    expect(new Set(written.map((w) => w.subject)).size).toBe(3)
    const lines = written.map((w) =>
      w.text
        .split('\n')
        .filter((line) => /[a-z]{4}/.test(line) && !line.includes('<') && !/one$|https/.test(line)),
    )
    const english = new Set(lines[1])
    const same = [...(lines[0] ?? []), ...(lines[2] ?? [])].filter(
      (line) => english.has(line) && !line.startsWith('Street') && !line.startsWith('1000'),
    )
    expect(same).toEqual([])
  }
})

describe('a refusal says what Art. 12(4) demands', () => {
  const values: LetterValues = {
    reference: 'R-7K3M-9QTX',
    right: 'erasure',
    received: '2026-03-05',
    reasons: ['The invoice of 2024 must be kept for the tax office (Art. 17(3)(b)).'],
    authority: 'Autoriteit Persoonsgegevens',
    authorityAddress: ['Postbus 93374', '2509 AJ Den Haag'],
    authorityUrl: 'https://www.autoriteitpersoonsgegevens.nl',
    court: 'You may also ask the district court.',
  }
  const words = {
    en: [
      'right to complain to the supervisory authority',
      '5 March 2026',
      'erasure of your data',
      'cannot do what you asked',
    ],
    nl: [
      'recht om een klacht in te dienen bij de toezichthouder',
      '5 maart 2026',
      'verwijdering van uw gegevens',
      'kunnen niet doen wat u vroeg',
    ],
    da: [
      'ret til at klage til tilsynsmyndigheden',
      '5. marts 2026',
      'sletning af dine oplysninger',
      'kan ikke gøre det, du bad om',
    ],
  }
  test.each(languages)('%s: reasons, complaint, authority with address, court', (language) => {
    const { text, subject } = renderLetter(letters, { language, letter: 'refusal', values })
    expect(subject).toContain('R-7K3M-9QTX')
    for (const said of words[language]) expect(text).toContain(said)
    for (const said of [
      '- The invoice of 2024',
      'Autoriteit Persoonsgegevens',
      'Postbus 93374',
      '2509 AJ Den Haag',
      'https://www.autoriteitpersoonsgegevens.nl',
      'You may also ask the district court.',
    ])
      expect(text).toContain(said)
  })
  test.each(['reasons', 'authority', 'authorityAddress', 'authorityUrl', 'court'])(
    'without %s it is not written',
    (missing) => {
      for (const empty of [undefined, '', ' ', []])
        for (const language of languages)
          expect(() =>
            renderLetter(letters, { language, letter: 'refusal', values: { ...values, [missing]: empty } }),
          ).toThrow(
            new RegExp(
              `policies/letters/${language}/refusal\\.md:\\d+: the letter refusal needs a value for \\{\\{${missing}\\}\\}`,
            ),
          )
    },
  )
})

describe('an erasure is answered with what went, what stayed and the backups', () => {
  const base = { ...valuesOf('answer-erasure', ['always']), reference: 'R-1' }
  test.each(languages)('%s', (language) => {
    const write = (values: LetterValues) =>
      renderLetter(letters, { language, letter: 'answer-erasure', values: { ...base, ...values } }).text
    const full = write({
      erased: ['Tickets: 3'],
      kept: ['Invoice: tax, until 2033'],
      backupDate: '2026-05-01',
      suppression: 'marketing',
    })
    for (const said of ['- Tickets: 3', '- Invoice: tax, until 2033']) expect(full).toContain(said)
    expect(full).toMatch(/1\.? (May|mei|maj) 2026/)
    const list = { en: 'do-not-mail list', nl: 'niet gemaild mogen worden', da: 'spærreliste' }[language]
    expect(full).toContain(list)
    const nothing = write({})
    expect(nothing).not.toContain(list)
    expect(nothing).not.toMatch(/backup|back-up|sikkerhedskopi/i)
    expect(nothing).toContain(
      { en: 'erased nothing', nl: 'niets gewist', da: 'ikke slettet noget' }[language],
    )
  })
})

test('values are escaped and never read as markup', () => {
  const values = {
    ...valuesOf('refusal'),
    reasons: ['<img src=x onerror=alert(1)>', '**bold** [a](javascript:x) {{court}} & "q"\nnext'],
  }
  const { html, text } = renderLetter(letters, { language: 'en', letter: 'refusal', values })
  expect(html).not.toMatch(/<img|<strong>bold|javascript:x"/)
  expect(html).toContain('&#60;img src=x onerror=alert(1)&#62;')
  expect(html).toContain('{{court}} &#38; &#34;q&#34;<br>next')
  expect(text).toContain('- **bold** [a](javascript:x) {{court}} & "q"\n  next')
})

test('a subject is one line, whatever is put in it', () => {
  const values = { ...valuesOf('received'), reference: 'R-1\r\nBcc: all@example.org' }
  expect(renderLetter(letters, { language: 'en', letter: 'received', values }).subject).toBe(
    'We have received your request R-1 Bcc: all@example.org',
  )
})

test('a link that is no web address is refused without being shown', () => {
  const values = { ...valuesOf('confirm'), link: 'javascript:alert(1)' }
  const write = () => renderLetter(letters, { language: 'en', letter: 'confirm', values })
  expect(write).toThrow('policies/letters/en/confirm.md: the value of {{link}} is not a web address')
  expect(write).not.toThrow('javascript')
})

test('a regional language takes its own, an unknown one English', () => {
  const subject = (language: string) =>
    renderLetter(letters, { language, letter: 'received', values: valuesOf('received') }).subject
  expect(subject('nl-BE')).toBe(subject('nl'))
  expect(subject('DA-dk')).toBe(subject('da'))
  expect(subject('fi')).toBe(subject('en'))
})

test('every right has a name in every language', () => {
  for (const language of languages)
    for (const right of rights) expect(letters.right(language, right).length).toBeGreaterThan(8)
  expect(() => letters.right('en', 'acess')).toThrow(LetheError)
})

test('an unknown letter is refused with those there are', () => {
  expect(() => renderLetter(letters, { language: 'en', letter: 'refuse', values: {} })).toThrow(
    'there is no letter "refuse"',
  )
})

describe('letters that are wrong are told with file and line', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'letters-'))
    cpSync('policies/letters', folder, { recursive: true })
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const edit = (file: string, change: (text: string) => string) =>
    writeFileSync(join(folder, file), change(readFileSync(join(folder, file), 'utf8')))
  const problems = (): string[] => {
    try {
      loadLetters(folder, 'letters')
      return []
    } catch (error) {
      if (error instanceof InvalidFile) return error.problems.map((p) => `${p.where}: ${p.message}`)
      throw error
    }
  }

  test('as they are shipped nothing is wrong', () => expect(problems()).toEqual([]))

  test('a misspelt placeholder, and the mandatory one that is now missing', () => {
    edit('nl/refusal.md', (text) => text.replace('{{reasons}}', '{{reason}}'))
    expect(problems()).toEqual([
      expect.stringMatching(
        /^letters\/nl\/refusal\.md:10:3: unknown placeholder \{\{reason\}\}; did you mean \{\{reasons\}\}\?$/,
      ),
      'letters/nl/refusal.md:1:1: the letter lacks {{reasons}}, which it must say in every language',
    ])
  })
  test.each(['reasons', 'authority', 'authorityAddress', 'authorityUrl', 'court'])(
    'a refusal without {{%s}} in any language',
    (name) => {
      for (const language of languages)
        edit(`${language}/refusal.md`, (text) => text.replaceAll(`{{${name}}}`, ''))
      expect(problems()).toEqual(
        languages.map(
          (l) =>
            `letters/${l}/refusal.md:1:1: the letter lacks {{${name}}}, which it must say in every language`,
        ),
      )
    },
  )
  test('a letter or a language that is missing, and a file that is no letter', () => {
    rmSync(join(folder, 'da/extension.md'))
    writeFileSync(join(folder, 'da/extention.md'), 'x')
    mkdirSync(join(folder, 'fi'))
    const found = problems()
    expect(found).toContain('letters/da/extension.md: the letter is missing in this language')
    expect(found).toContain('letters/da/extention.md: is no letter; did you mean extension.md?')
    expect(found.filter((p) => p.startsWith('letters/fi/')).length).toBe(letterNames.length + 1)
    rmSync(join(folder, 'en'), { recursive: true })
    expect(problems()[0]).toBe(
      'letters/en: there are no English letters; every other language falls back to them',
    )
  })
  test('front matter that is missing or misspelt', () => {
    edit('en/received.md', (text) => text.replace('subject:', 'sujet:'))
    edit('en/closed.md', (text) => text.replace('---\n', ''))
    expect(problems()).toEqual([
      'letters/en/received.md:2:1: subject is missing; expected text',
      'letters/en/received.md:2:1: unknown key "sujet"; known here: subject',
      'letters/en/closed.md:1:1: the letter does not begin with front matter; write ---, subject: …, ---',
    ])
  })
  test('a section that is not closed, and an optional value outside a section', () => {
    edit('en/withdrawn.md', (text) => `${text}\n{{#due}}by {{due}}\n{{contact}}\n{{ x`)
    expect(problems().map((p) => p.replace(/:\d+:\d+:/, ':'))).toEqual([
      'letters/en/withdrawn.md: {{contact}} is not always there; put it between {{#contact}} and {{/contact}}',
      'letters/en/withdrawn.md: {{#due}} is never closed',
      'letters/en/withdrawn.md: a {{ without a placeholder; write {{name}}',
    ])
  })
})
