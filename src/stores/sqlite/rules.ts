import type { CheckLike, CollationLike, TriggerLike } from '../../datamap/catalogue.ts'
import type { TableInfo } from '../port.ts'
import { bodyOf, isWord, namesIn, type Token, tokensOf } from '../sql/tokens.ts'

/** What only the text of a CREATE statement tells: SQLite has no catalogue of rules, collations and deferred keys. */
export interface Written {
  readonly checks: readonly CheckLike[]
  /** By column. */
  readonly collations: ReadonlyMap<string, CollationLike>
  readonly defersKeys: boolean
  readonly numbers: boolean
}

export function writtenIn(sql: string, columns: readonly string[]): Written {
  const tokens = tokensOf(sql)
  const collations = new Map<string, CollationLike>()
  const checks: CheckLike[] = []
  let column: string | undefined
  let depth = 0
  for (const [i, token] of tokens.entries()) {
    if (token.text === '(' || token.text === ')') depth += token.text === '(' ? 1 : -1
    const begins = depth === 1 && (tokens[i - 1]?.text === ',' || tokens[i - 1]?.text === '(')
    if (begins) column = columns.find((name) => name.toLowerCase() === token.text.toLowerCase())
    if (depth === 1 && isWord(token, 'collate') && column !== undefined)
      collations.set(column, collationOf(tokens[i + 1]?.text ?? ''))
    if (depth === 1 && isWord(token, 'check')) {
      const said = sql.slice(tokens[i + 1]?.at, closing(tokens, i + 1)?.end)
      const named = isWord(tokens[i - 2], 'constraint') ? tokens[i - 1]?.text : undefined
      checks.push({ name: named ?? `CHECK ${checks.length + 1}`, sql: said, columns: namesIn(said, columns) })
    }
  }
  return {
    checks,
    collations,
    defersKeys: tokens.some((t, i) => isWord(t, 'initially') && isWord(tokens[i + 1], 'deferred')),
    numbers: tokens.some((t) => isWord(t, 'autoincrement')),
  }
}

function closing(tokens: readonly Token[], open: number): Token | undefined {
  let depth = 0
  for (const token of tokens.slice(open)) {
    if (token.text === '(') depth++
    else if (token.text === ')' && --depth === 0) return token
  }
  return undefined
}

const collationOf = (name: string): CollationLike => ({
  name: name.toUpperCase(),
  ignoresCase: name.toUpperCase() !== 'BINARY' && name.toUpperCase() !== 'RTRIM',
  // A collation of the application's own may do as it likes.
  ignoresAccents: !/^(BINARY|RTRIM|NOCASE)$/i.test(name),
  ignoresTrailingBlanks: name.toUpperCase() === 'RTRIM',
})

/** `CREATE TRIGGER name BEFORE UPDATE OF a ON table … BEGIN … END`. */
export function triggerOf(name: string, sql: string): TriggerLike {
  const tokens = tokensOf(sql)
  const begin = tokens.findIndex((t) => isWord(t, 'begin'))
  const head = tokens.slice(0, begin)
  const events = (['insert', 'update', 'delete'] as const).filter((event) =>
    head.some((t) => isWord(t, event)),
  )
  return {
    name,
    timing: head.some((t) => isWord(t, 'instead'))
      ? 'instead of'
      : head.some((t) => isWord(t, 'before'))
        ? 'before'
        : 'after',
    events,
    ...bodyOf(sql.slice(tokens[begin]?.end ?? sql.length), 'main'),
  }
}

type Rules = Pick<TableInfo, 'checks' | 'triggers' | 'fires' | 'reads'>

export const rulesOf = (
  written: Written,
  triggers: readonly (readonly [name: string, sql: string])[],
  viewSql: string | undefined,
  tables: readonly string[],
): Rules => ({
  checks: written.checks,
  triggers: triggers.map(([name]) => name),
  fires: triggers.map(([name, sql]) => triggerOf(name, sql)),
  reads: viewSql === undefined ? [] : namesIn(viewSql.replace(/^.*?\bAS\b/is, ''), tables),
})
