/** A word or sign of SQL that somebody else wrote: a trigger, a view, a table. Comments are left out. */
export interface Token {
  /** `name`: a quoted one, as it reads without its quotes. `word`: anything else of letters. */
  readonly kind: 'word' | 'name' | 'text' | 'sign'
  readonly text: string
  /** Where it begins and ends in the source. */
  readonly at: number
  readonly end: number
}

const patterns: readonly (readonly [Token['kind'] | 'skip', RegExp])[] = [
  ['skip', /\s+|--[^\n]*|\/\*(?!!)[\s\S]*?\*\//y],
  ['name', /"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[A-Za-z_][^\]]*\]/y],
  ['text', /'(?:[^'\\]|''|\\[\s\S])*'|\$(\w*)\$[\s\S]*?\$\1\$/y],
  ['word', /[\p{L}_@][\p{L}\p{N}_$@]*|\d[\w.]*/uy],
  ['sign', /:=|<>|[<>!]=|[\s\S]/y],
]

/** A guard, not a parser: enough to tell which names stand where. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < sql.length; ) {
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at
      const text = pattern.exec(sql)?.[0]
      if (text === undefined) continue
      const end = at + text.length
      if (kind !== 'skip') tokens.push({ kind, text: kind === 'name' ? unquoted(text) : text, at, end })
      at = end
      break
    }
  }
  return tokens
}

const unquoted = (text: string): string => {
  const quote = text.at(-1) as string
  return text.slice(1, -1).replaceAll(quote + quote, quote)
}

export const isWord = (token: Token | undefined, ...words: readonly string[]): boolean =>
  token?.kind === 'word' && words.includes(token.text.toLowerCase())

const isName = (token: Token | undefined): token is Token => token?.kind === 'word' || token?.kind === 'name'

/** The last part of `schema.table`, or all of it where it names another schema than `own`. */
function nameAt(tokens: readonly Token[], at: number, own: string | undefined): string | undefined {
  const first = tokens[at]
  if (!isName(first)) return undefined
  const second = tokens[at + 1]?.text === '.' ? tokens[at + 2] : undefined
  if (!isName(second)) return first.text
  return own === undefined || first.text.toLowerCase() === own.toLowerCase()
    ? second.text
    : `${first.text}.${second.text}`
}

const fillers = [
  'only',
  'ignore',
  'low_priority',
  'quick',
  'delayed',
  'high_priority',
  'table',
  'or',
  'replace',
]

export interface Body {
  /** Tables that it inserts into, updates, deletes from. */
  readonly writes: readonly string[]
  /** Columns of its own row that it sets. */
  readonly sets: readonly string[]
  /** It calls something that was not read: a procedure, a statement made as it runs. */
  readonly isOpaque: boolean
}

/** What the body of a trigger does, as far as its text says. */
export function bodyOf(sql: string, own?: string): Body {
  const tokens = tokensOf(sql)
  const writes = new Set<string>()
  const sets = new Set<string>()
  for (const [i, token] of tokens.entries()) {
    const target = targetAfter(tokens, i)
    const written = target === undefined ? undefined : nameAt(tokens, target, own)
    if (written !== undefined) writes.add(written)
    if (isWord(token, 'new') && tokens[i + 1]?.text === '.' && isAssigned(tokens, i))
      sets.add(tokens[i + 2]?.text as string)
  }
  return {
    writes: [...writes],
    sets: [...sets],
    isOpaque: tokens.some((t) => isWord(t, 'execute', 'perform', 'call')),
  }
}

/** Where the name stands after `insert into`, `update`, `delete from`, `replace into`, `truncate`, `merge into`. */
function targetAfter(tokens: readonly Token[], i: number): number | undefined {
  const skip = (at: number): number => (isWord(tokens[at], ...fillers) ? skip(at + 1) : at)
  const token = tokens[i]
  if (isWord(token, 'into')) {
    // `insert or ignore into`, `insert low_priority into`; not `select … into`.
    const verb = tokens.slice(Math.max(0, i - 3), i)
    return verb.some((t) => isWord(t, 'insert', 'merge', 'replace')) ? i + 1 : undefined
  }
  if (isWord(token, 'from'))
    return isWord(tokens[i - 1], 'delete', 'quick', 'ignore') ? skip(i + 1) : undefined
  if (isWord(token, 'truncate')) return skip(i + 1)
  if (!isWord(token, 'update')) return undefined
  // Not `for update`, `on duplicate key update`, `before update on`, `do update set`.
  const follows = tokens[skip(i + 1)]
  if (isWord(tokens[i - 1], 'for', 'key', 'do', 'before', 'after', 'or', 'on', 'of')) return undefined
  return isName(follows) && !isWord(follows, 'set', 'on', 'of') ? skip(i + 1) : undefined
}

/** `NEW.x := …`, `NEW.x = …` as a statement, `SET NEW.x = …`; not a comparison. */
function isAssigned(tokens: readonly Token[], i: number): boolean {
  const sign = tokens[i + 3]?.text
  if (sign === ':=') return true
  const before = tokens[i - 1]
  return (
    sign === '=' &&
    (before === undefined ||
      before.text === ';' ||
      before.text === ',' ||
      isWord(before, 'set', 'begin', 'then', 'else', 'loop'))
  )
}

/** Which of these names stand in the text, as words or quoted; whatever their letter case. */
export function namesIn(sql: string, names: readonly string[]): string[] {
  const said = new Set(tokensOf(sql).flatMap((t) => (isName(t) ? [t.text.toLowerCase()] : [])))
  return names.filter((name) => said.has(name.toLowerCase()))
}
