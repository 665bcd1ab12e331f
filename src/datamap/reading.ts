import { nearest } from '../base/nearest.ts'
import type { Path } from '../base/yaml.ts'
import type { Finding, Words } from './model.ts'
import { knownCategories } from './taxonomy.ts'

/** One file while it is turned into the model: where things stand, and what is found on the way. */
export interface Reading {
  at(path: Path): string
  readonly findings: Finding[]
}

/** A person's words from what the file holds; a lone text is English. */
export const wordsOf = (raw: string | { en: string }): Words =>
  typeof raw === 'string' ? { en: raw } : (raw as Words)

export const error = (r: Reading, path: Path, message: string, hint: string): void =>
  void r.findings.push({ level: 'error', where: r.at(path), message, hint })
export const warning = (r: Reading, path: Path, message: string, hint: string): void =>
  void r.findings.push({ level: 'warning', where: r.at(path), message, hint })

/** `; did you mean "x"?`, or nothing. */
export const maybe = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known)
  return near ? `; did you mean "${near}"?` : ''
}

/** Fides's old name of the same key; both at once is a slip that nobody can resolve for the writer. */
export function metaOf<T>(
  raw: { readonly fides_meta?: T | undefined; readonly fidesops_meta?: T | undefined },
  r: Reading,
  path: Path,
): NonNullable<T> | undefined {
  if (raw.fides_meta && raw.fidesops_meta)
    error(
      r,
      [...path, 'fidesops_meta'],
      'fides_meta and its old name fidesops_meta stand side by side',
      'Keep fides_meta only.',
    )
  return raw.fides_meta ?? raw.fidesops_meta ?? undefined
}

/** Says each name that stands twice in one list. */
export function distinct(list: readonly { name: string }[], path: Path, what: string, r: Reading): void {
  const seen = new Set<string>()
  for (const [i, { name }] of list.entries()) {
    if (seen.has(name))
      error(r, [...path, i, 'name'], `the ${what} "${name}" stands twice`, `Keep one of them, or rename one.`)
    seen.add(name)
  }
}

/** Warns of categories that fideslang does not have. */
export function checkCategories(categories: readonly string[], path: Path, r: Reading): void {
  for (const [i, category] of categories.entries())
    if (!knownCategories.has(category))
      warning(
        r,
        [...path, i],
        `"${category}" is not a fideslang data category${maybe(category, [...knownCategories])}`,
        'It is used as it stands: only user.* counts as personal.',
      )
}
