import type { Match } from '../port.ts'
import { nothing, oneOf } from './compare.ts'
import type { ColumnShape, Dialect } from './dialect.ts'
import {
  containsPatterns,
  emailSpellings,
  escape,
  foldedPattern,
  isAscii,
  phonePattern,
} from './spellings.ts'
import type { Statement } from './statement.ts'

/** The condition for a match. All but `exact` answer candidates: every row that may be meant, and some that are not. */
export function candidates(dialect: Dialect, column: ColumnShape, s: Statement, match: Match): string {
  const { how } = match
  // No text column of PostgreSQL takes a NUL; no identity has one.
  const values = match.values.filter((value) => how === 'exact' || !value.includes('\0'))
  switch (how) {
    case 'exact':
      return oneOf(dialect, column, s, values)
    case 'email': {
      const spellings = values.flatMap(emailSpellings)
      const plain = equalBlind(dialect, column, s, spellings)
      const folded = spellings.filter((v) => !isAscii(v)).map(foldedPattern)
      return either([...plain, ...like(dialect, column, s, folded)])
    }
    case 'phone':
      return either(like(dialect, column, s, unique(values.flatMap((v) => phonePattern(v) ?? []))))
    case 'contains':
      return either(like(dialect, column, s, unique(values.flatMap(containsPatterns))))
  }
}

/** `=` whatever the case; one list, so that an index over it serves. */
function equalBlind(
  dialect: Dialect,
  column: ColumnShape,
  s: Statement,
  values: readonly string[],
): string[] {
  if (values.length === 0) return []
  const { left, right } = dialect.caseBlind(column, dialect.quote(column.name), '=', values.every(isAscii))
  return [`${left} IN (${values.map((value) => right(s.bind({ value }))).join(', ')})`]
}

function like(dialect: Dialect, column: ColumnShape, s: Statement, patterns: readonly string[]): string[] {
  const { left, right } = dialect.caseBlind(
    column,
    dialect.quote(column.name),
    'LIKE',
    patterns.every(isAscii),
  )
  return patterns.map((value) => `${left} LIKE ${right(s.bind({ value }))} ESCAPE '${escape}'`)
}

const either = (parts: readonly string[]): string =>
  parts.length === 0 ? nothing : `(${parts.join(' OR ')})`
const unique = (list: readonly string[]): string[] => [...new Set(list)]
