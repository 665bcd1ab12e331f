import { lstat, readdir, realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { LetheError } from '../../base/errors.ts'
import type { Row } from '../../stores/port.ts'

/**
 * The files below a folder that a path template names for a row, sorted, relative to the folder. `{column}` stands for its value,
 * `{column:yyyy}` (MM, dd, HH) for a part of the time it spells, `{column:0000}` for a number with at least so many digits, `*` for
 * anything within a name, `**` for any folders. A `*` beside a value does not go on with its digits: 17.12 is not 17.1. A row
 * without one of the values names none. Only files are answered, never one that a link leads to outside the folder.
 */
export async function filesAt(folder: string, template: string, row: Row): Promise<string[]> {
  const filled = fill(template, row)
  if (filled === undefined) return []
  const home = await realpath(folder).catch(() => undefined)
  if (home === undefined) return []
  const found: string[] = []
  for (const path of await matching(resolve(folder), filled)) {
    const real = await realpath(join(folder, path)).catch(() => undefined)
    if (real !== undefined && isInside(home, real)) found.push(path)
  }
  return found.sort()
}

/** The columns that a template takes values from. */
export const templateColumns = (template: string): string[] =>
  [...template.matchAll(placeholder)].map((match) => match[1] as string)

/** The columns whose whole value stands in it: what tells the files of one row from those of another. */
export const wholeColumns = (template: string): string[] =>
  [...template.matchAll(placeholder)].flatMap(([, name, part]) =>
    part === undefined ? [name as string] : [],
  )

const placeholder = /\{([^{}:]+)(?::([^{}]+))?\}/g

/** One part of a path, told apart from the wildcards of the template: a star in a value is a star. */
interface Part {
  readonly text: string
  readonly isWild: boolean
  readonly isValue?: boolean
}

function fill(template: string, row: Row): Part[][] | undefined {
  const parts: Part[] = []
  let at = 0
  for (const match of template.matchAll(placeholder)) {
    const value = row[match[1] as string]
    if (typeof value !== 'string' || value === '' || value.includes('\0')) return undefined
    const said = match[2] === undefined ? value : part(value, match[2])
    if (said === undefined) return undefined
    // After a part of a time the rest of the time may follow.
    const isValue = !/[yMdH]/.test(match[2] ?? '')
    parts.push(...wild(template.slice(at, match.index)), { text: said, isWild: false, isValue })
    at = match.index + match[0].length
  }
  parts.push(...wild(template.slice(at)))
  return segments(parts)
}

const wild = (text: string): Part[] =>
  text
    .split(/(\*+)/)
    .filter((piece) => piece !== '')
    .map((piece) => ({ text: piece, isWild: piece.startsWith('*') }))

/** `2026-03-05 10:00:00` and ISO 8601 spell their parts in this order, and so does every store. */
function part(value: string, of: string): string | undefined {
  if (/^0+$/.test(of)) return /^\d+$/.test(value) ? value.padStart(of.length, '0') : undefined
  const moment = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}))?/.exec(value)
  const place = { yyyy: 1, MM: 2, dd: 3, HH: 4 }[of]
  if (place === undefined)
    throw new LetheError('invalid', `"{…:${of}}" in a path template is no part of a time`, {
      hint: 'Write yyyy, MM, dd or HH, or zeros for a number: {msgnum:0000}.',
    })
  return moment?.[place]
}

function segments(parts: readonly Part[]): Part[][] {
  const all: Part[][] = [[]]
  for (const { text, ...kind } of parts)
    for (const [i, piece] of text.split('/').entries()) {
      if (i > 0) all.push([])
      if (piece !== '') all.at(-1)?.push({ text: piece, ...kind })
    }
  return all
}

/** Paths below the folder, one segment after the other; only folders that a wildcard stands for are listed. */
async function matching(folder: string, path: readonly (readonly Part[])[]): Promise<string[]> {
  // A value may spell the whole path of a folder, as Asterisk does.
  let open = [path[0]?.length === 0 ? '/' : folder]
  const names = path.filter((segment) => segment.length > 0)
  for (const [i, segment] of names.entries()) {
    const next = new Set<string>()
    for (const at of open)
      for (const one of await step(folder, at, segment, i === names.length - 1)) next.add(one)
    open = [...next]
  }
  return open.filter((one) => isInside(folder, one)).map((one) => relative(folder, one))
}

async function step(
  folder: string,
  at: string,
  segment: readonly Part[],
  isLast: boolean,
): Promise<string[]> {
  const text = segment.map((part) => part.text).join('')
  if (text === '**' && segment[0]?.isWild) return foldersBelow(folder, at)
  if (segment.every(({ isWild }) => !isWild)) {
    const path = join(at, text)
    return !isLast || (await lstat(path).catch(() => undefined))?.isFile() ? [path] : []
  }
  const fits = new RegExp(`^${segment.map(patternOf).join('')}$`, 's')
  return (await listed(folder, at))
    .filter((entry) => fits.test(entry.name) && (isLast ? entry.isFile() : entry.isDirectory()))
    .map((entry) => join(at, entry.name))
}

function patternOf({ text, isWild, isValue }: Part, i: number, all: readonly Part[]): string {
  if (isWild) return '.*'
  const literal = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  if (!isValue) return literal
  const begins = all[i - 1]?.isWild && /^\d/.test(text)
  const ends = all[i + 1]?.isWild && /\d$/.test(text)
  return `${begins ? '(?<!\\d)' : ''}${literal}${ends ? '(?!\\d)' : ''}`
}

async function foldersBelow(folder: string, at: string): Promise<string[]> {
  const found = [at]
  for (const one of found)
    for (const entry of await listed(folder, one)) if (entry.isDirectory()) found.push(join(one, entry.name))
  return found
}

/** A folder that is not there, or outside, holds nothing. */
const listed = async (folder: string, at: string) =>
  at === folder || isInside(folder, at) ? readdir(at, { withFileTypes: true }).catch(() => []) : []

function isInside(folder: string, path: string): boolean {
  const inside = relative(folder, path)
  return inside !== '' && inside !== '..' && !inside.startsWith('../') && !isAbsolute(inside)
}
