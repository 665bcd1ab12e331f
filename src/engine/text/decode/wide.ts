const bigMark = 0xfeff
const smallMark = 0xfffe

/**
 * UTF-16 in bytes, in either order of bytes, with a mark or without: all of it where it is text from its beginning, else the runs
 * of Latin letters in it (a tag of a picture or a song).
 */
export function* wideTexts(bytes: Buffer): Generator<string> {
  const even = bytes.subarray(0, bytes.length & ~1)
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0
  if (mark === smallMark || mark === bigMark) {
    yield mark === smallMark ? even.toString('utf16le') : swapped(even)
    return
  }
  if (!bytes.includes(0)) return
  const text = bytes.toString('latin1')
  yield* runsIn(text, /(?:[\t\n\r\x20-\x7e\xa0-\xff]\0){6,}/g, (run) => run.replaceAll('\0', ''))
  yield* runsIn(text, /(?:\0[\t\n\r\x20-\x7e\xa0-\xff]){6,}/g, (run) => run.replaceAll('\0', ''))
  if (isWide(bytes, 1)) yield even.toString('utf16le')
  else if (isWide(bytes, 0)) yield swapped(even)
}

function swapped(bytes: Buffer): string {
  return Buffer.from(bytes).swap16().toString('utf16le')
}

/** One text of all runs: each stands on a line of its own. */
function* runsIn(text: string, pattern: RegExp, read: (run: string) => string): Generator<string> {
  const runs = (text.match(pattern) ?? []).map(read)
  if (runs.length > 0) yield runs.join('\n')
}

/** The high bytes are those of few scripts. */
function isWide(bytes: Buffer, high: 0 | 1): boolean {
  let small = 0
  const size = Math.min(bytes.length & ~1, 4096)
  for (let i = high; i < size; i += 2) if ((bytes[i] as number) < 0x20) small++
  return size >= 12 && small * 2 >= size * 0.9
}
