/** Runs of letters and digits too long for a word, and what may be packed in them: base64, hexadecimal, a hash. */

/** Eight bytes: what is shorter is no address and no number. */
const least = 11

// What base64's signs say of the bytes behind them, by bit: the first, second or third of four that can stand for ASCII text; a
// sign of base64 at all; a hexadecimal digit; one that begins a pair for an ASCII sign.
const first = 1
const second = 2
const third = 4
const sign = 8
const hex = 16
const word = 32
const about = new Uint8Array(256)
for (const [value, code] of [
  ...Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'),
].entries()) {
  about[code] =
    sign |
    (value < 32 ? first : 0) |
    (value & 8 ? 0 : second) |
    (value & 2 ? 0 : third) |
    (value < 62 ? word : 0)
}
about[45] = sign
about[95] = sign
for (const char of '0123456789abcdefABCDEF')
  about[char.charCodeAt(0)] = (about[char.charCodeAt(0)] ?? 0) | hex

export interface Run {
  /** The letters and digits. */
  readonly start: number
  readonly end: number
}

const windowSize = 1 << 18
const scratch = Buffer.alloc(windowSize)

/** Calls `each` for every run that may hold something packed. Signs beyond Latin-1 only add runs that are looked at in vain. */
export function longRuns(text: string, each: (start: number, end: number) => void): void {
  for (let from = 0; from < text.length; ) {
    const size = scratch.write(
      text.length <= windowSize ? text : text.slice(from, from + windowSize),
      'latin1',
    )
    const isLast = from + size >= text.length
    const next = runsOf(scratch, size, isLast, (start, end) => each(from + start, from + end))
    if (isLast) return
    from += next
  }
}

/** From a place to the one that must be there if a run is there: most signs are never looked at. Answers where to go on. */
function runsOf(
  buffer: Buffer,
  size: number,
  isLast: boolean,
  each: (start: number, end: number) => void,
): number {
  let start = 0
  while (start + least <= size) {
    let at = start + least - 1
    while (at >= start && ((about[buffer[at] as number] as number) & word) !== 0) at--
    if (at >= start) {
      start = at + 1
      continue
    }
    let end = start + least
    while (end < size && ((about[buffer[end] as number] as number) & word) !== 0) end++
    // Cut by the window: read again from its beginning, unless it fills the window.
    if (end === size && !isLast && start > 0) return start
    if (mayBePacked(buffer, start, end, size)) each(start, end)
    start = end + 1
  }
  return Math.max(start, size - least)
}

const hashLengths = new Set([32, 40, 64])
const bareLengths = new Set([22, 27, 43])

function mayBePacked(buffer: Buffer, start: number, end: number, size: number): boolean {
  let from = start
  let to = end
  while (from > 0 && start - from < 64 && ((about[buffer[from - 1] as number] as number) & sign) !== 0) from--
  while (to < size && to - end < 64 && ((about[buffer[to] as number] as number) & sign) !== 0) to++
  if (bareLengths.has(to - from) || bareLengths.has(end - start)) return true
  if (isHex(buffer, start, end)) return true
  if (to - from >= 64) return isMixed(buffer, from, Math.min(to, from + 64))
  return (
    asText(buffer, start, end) || (from < start && asText(buffer, from, to)) || startsPacked(buffer, from)
  )
}

/** Two neighbouring groups of four that stand for ASCII text. */
function asText(buffer: Buffer, start: number, end: number): boolean {
  let before = false
  for (let i = start; i + 4 <= end; i += 4) {
    const is =
      ((about[buffer[i] as number] as number) & first) !== 0 &&
      ((about[buffer[i + 1] as number] as number) & second) !== 0 &&
      ((about[buffer[i + 2] as number] as number) & third) !== 0
    if (is && before) return true
    before = is
  }
  return false
}

/** `H4sI`, `eJ…`: gzip and zlib in base64. */
function startsPacked(buffer: Buffer, at: number): boolean {
  const [a, b] = [buffer[at], buffer[at + 1]]
  return (
    (a === 72 && b === 52) ||
    (a === 101 && (b === 74 || b === 78 || b === 65 || b === 70)) ||
    (a === 75 && b === 76)
  )
}

function isHex(buffer: Buffer, start: number, end: number): boolean {
  // 0x…, and the x of \x…
  const from = buffer[start] === 120 ? start + 1 : buffer[start + 1] === 120 ? start + 2 : start
  for (let i = from; i < end; i++) if (((about[buffer[i] as number] as number) & hex) === 0) return false
  if (hashLengths.has(end - from)) return true
  if (end - from < 12) return false
  const [a, b] = [buffer[from] as number, buffer[from + 1] as number]
  // An ASCII sign first, or the beginning of gzip, zlib, a byte order mark.
  return (
    (a >= 50 && a <= 55) ||
    (a === 49 && (b | 32) === 102) ||
    ((a | 32) === 102 && ((b | 32) === 102 || (b | 32) === 101)) ||
    a === 48
  )
}

/** Capitals, small letters and digits among them: no path, no row of dashes. */
function isMixed(buffer: Buffer, start: number, end: number): boolean {
  let kinds = 0
  for (let i = start; i < end && kinds !== 7; i++) {
    const code = buffer[i] as number
    kinds |= code >= 97 ? 1 : code >= 65 ? 2 : code >= 48 && code < 58 ? 4 : 0
  }
  return (kinds & 3) === 3 || kinds === 6 || kinds === 5
}
