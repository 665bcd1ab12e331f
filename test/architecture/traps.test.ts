import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/traps.md'), 'utf8')
const lines = page.split('\n').filter((line) => /^\d+\. /.test(line))

/** `file` "name", "name": every name belongs to the file before it. */
function named(line: string): { readonly file: string; readonly tests: readonly string[] }[] {
  return line
    .split('`')
    .slice(1)
    .reduce<{ file: string; tests: string[] }[]>((found, part, i) => {
      if (i % 2 === 0) found.push({ file: part, tests: [] })
      else found.at(-1)?.tests.push(...[...part.matchAll(/"([^"]+)"/g)].map(([, name]) => name as string))
      return found
    }, [])
}

describe('the page of traps', () => {
  it('has each of the fifty-two once, in order', () => {
    expect(lines.map((line) => Number.parseInt(line, 10))).toEqual(
      Array.from({ length: 52 }, (_, i) => i + 1),
    )
  })

  it.each(lines.map((line) => [line.split(':')[0] as string, line]))(
    'names tests that exist: %s',
    (_, line) => {
      const proofs = named(line)
      expect(proofs.length).toBeGreaterThan(0)
      for (const { file, tests } of proofs) {
        const path = join(root, file)
        expect(existsSync(path), file).toBe(true)
        expect(tests.length, `${file} without the name of a test`).toBeGreaterThan(0)
        const text = readFileSync(path, 'utf8')
        for (const name of tests) expect(declares(text, name), `${file} has no test "${name}"`).toBe(true)
      }
    },
  )
})

/** As the name of a test or of a group, not in a comment. */
const declares = (text: string, name: string): boolean =>
  ["'", '`'].some((quote) =>
    text
      .split(`${quote}${name}${quote}`)
      .slice(0, -1)
      .some((before) => /(?:\b(?:test|it|describe)\b[^;{}]*|\]\))\(\s*$/.test(before)),
  )
