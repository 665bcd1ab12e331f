import type { ZodType, z } from 'zod'
import { nearest } from './nearest.ts'

/** What is wrong and at which path; with `key`, it is that key of the mapping at `path`. */
export interface Finding {
  readonly path: readonly (string | number)[]
  readonly key?: string
  readonly message: string
}

type Issue = z.core.$ZodIssue
/** The part of a schema's definition that is walked to learn which keys it knows. */
interface Def {
  readonly type: string
  readonly shape?: Readonly<Record<string, Schema>>
  readonly innerType?: Schema
  readonly element?: Schema
  readonly valueType?: Schema
  readonly options?: readonly Schema[]
  readonly items?: readonly Schema[]
  readonly left?: Schema
  readonly right?: Schema
  readonly in?: Schema
  readonly getter?: () => Schema
}
interface Schema {
  readonly _zod: { readonly def: Def }
}

/** zod's issues in a person's words. `value` is what was validated, `schema` what it was held against. */
export function findingsOf(
  error: { readonly issues: readonly Issue[] },
  schema: ZodType,
  value: unknown,
): Finding[] {
  const root = schema as unknown as Schema
  return error.issues.flatMap((issue) => wordsOf(issue, [], root, value))
}

function wordsOf(issue: Issue, base: Finding['path'], root: Schema, value: unknown): Finding[] {
  const path = [...base, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))]
  const here = valueAt(value, path)
  const named = path.length > 0 ? `${pathText(path)}: ` : ''
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt([root], path)
      return issue.keys.map((key) => ({ path, key, message: unknownKey(key, known) }))
    }
    case 'invalid_type':
      if (here === undefined)
        return [{ path, message: `${pathText(path)} is missing; expected ${article(issue.expected)}` }]
      return [{ path, message: `${named}${shortly(here)} is not ${article(issue.expected)}` }]
    case 'invalid_value': {
      const allowed = issue.values.map(String)
      if (here === undefined)
        return [{ path, message: `${pathText(path)} is missing; expected ${allowed.join(' or ')}` }]
      return [
        {
          path,
          message: `${named}${shortly(here)} is not ${allowed.join(' or ')}${hint(typeof here === 'string' ? here : '', allowed)}`,
        },
      ]
    }
    case 'invalid_union':
      return bestBranch(issue.errors)
        .flatMap((inner) => wordsOf(inner, path, root, value))
        .concat(
          issue.errors.length === 0
            ? [{ path, message: `${named}${shortly(here)} is of no kind known here` }]
            : [],
        )
    case 'invalid_key':
      return [
        {
          path: path.slice(0, -1),
          key: String(path.at(-1)),
          message: `${named}${issue.issues[0]?.message ?? issue.message}`,
        },
      ]
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'too_big':
    case 'too_small':
      return [{ path, message: `${named}${issue.message}` }]
  }
}

/** Of several shapes that all failed, the one that came furthest: what its writer most likely meant. */
function bestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const depth = (issues: readonly Issue[]): number =>
    Math.max(
      0,
      ...issues.map((i) => i.path.length + (i.code === 'invalid_type' && i.path.length === 0 ? -1 : 0)),
    )
  return [...branches].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? []
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known)
  if (near) return `unknown key "${key}"; did you mean "${near}"?`
  return known.length > 0 ? `unknown key "${key}"; known here: ${known.join(', ')}` : `unknown key "${key}"`
}

const hint = (value: string, allowed: readonly string[]): string => {
  const near = nearest(value, allowed)
  return near ? `; did you mean "${near}"?` : ''
}

/** Every key that any schema at `path` knows. */
function keysAt(schemas: readonly Schema[], path: Finding['path']): string[] {
  const [step, ...rest] = path
  const here = schemas.flatMap(unwrapped)
  if (step === undefined) return [...new Set(here.flatMap((s) => Object.keys(s._zod.def.shape ?? {})))]
  const below = here.flatMap((s): Schema[] => {
    const def = s._zod.def
    const next = def.shape ? def.shape[step] : (def.element ?? def.valueType ?? def.items?.[Number(step)])
    return next ? [next] : []
  })
  return below.length > 0 ? keysAt(below, rest) : []
}

/** The schemas behind wrappers: optional, default, union, pipe, lazy, intersection. */
function unwrapped(schema: Schema): Schema[] {
  const def = schema._zod.def
  if (def.innerType) return unwrapped(def.innerType)
  if (def.options) return def.options.flatMap(unwrapped)
  if (def.left && def.right) return [...unwrapped(def.left), ...unwrapped(def.right)]
  if (def.type === 'pipe' && def.in) return unwrapped(def.in)
  if (def.getter) return unwrapped(def.getter())
  return [schema]
}

function valueAt(value: unknown, path: Finding['path']): unknown {
  let here = value
  for (const step of path) here = (here as Record<string | number, unknown> | null | undefined)?.[step]
  return here
}

const pathText = (path: Finding['path']): string =>
  path.length === 0
    ? 'the file'
    : path
        .map((step, i) => (typeof step === 'number' ? `[${step + 1}]` : i === 0 ? step : `.${step}`))
        .join('')

const names: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  tuple: 'a list of two',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  null: 'empty',
}
const article = (expected: string): string => names[expected] ?? expected

function shortly(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `"${text.length > 60 ? `${text.slice(0, 57)}…` : text}"`
}
