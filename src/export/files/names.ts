const reserved = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\.|$)/i
const maxBytes = 120

/**
 * One path segment that every file system takes and no reader is fooled by: no separators, control or direction
 * characters, no `..`, no name Windows reserves, at most 120 bytes with the extension kept. Never empty.
 */
export function safeName(name: string): string {
  const plain = name
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[/\\:*?"<>|\uFFFD]/g, '_')
    .trim()
    .replace(/^\.+/, (dots) => '_'.repeat(dots.length))
  const short = shorten(plain).replace(/[. ]+$/, '')
  if (short === '') return '_'
  return reserved.test(short) ? `_${short}` : short
}

/** Cuts the stem, not the extension, and never inside a character. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= maxBytes) return name
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? ''
  let stem = ''
  let bytes = Buffer.byteLength(extension)
  for (const character of name.slice(0, name.length - extension.length)) {
    bytes += Buffer.byteLength(character)
    if (bytes > maxBytes) break
    stem += character
  }
  return stem + extension
}

/**
 * Hands out names that differ on file systems which ignore letter case: a second `a.wav` becomes `a-2.wav`.
 * One book per folder.
 */
export function nameBook(): (name: string) => string {
  const taken = new Set<string>()
  const last = new Map<string, number>()
  return (name) => {
    const wanted = safeName(name)
    const dot = wanted.lastIndexOf('.')
    const [stem, extension] = dot > 0 ? [wanted.slice(0, dot), wanted.slice(dot)] : [wanted, '']
    let given = wanted
    let n = last.get(wanted.toLowerCase()) ?? 1
    while (taken.has(given.toLowerCase())) given = `${stem}-${++n}${extension}`
    last.set(wanted.toLowerCase(), n)
    taken.add(given.toLowerCase())
    return given
  }
}
