import { Reading, type Written } from '../written.ts'

/** A quoted-printable body as its bytes, one in a sign. Soft line breaks belong to the source alone and stay where they are. */
export function unquoted(source: string): Written {
  const reading = new Reading(source)
  let at = 0
  for (const { index, 0: sign, 1: byte } of source.matchAll(/=(?:([\da-f]{2})|[ \t]*\r?\n)/gi)) {
    reading.plain(at, index)
    at = index + sign.length
    if (byte !== undefined) reading.atom(String.fromCharCode(Number.parseInt(byte, 16)), index, at)
  }
  reading.plain(at, source.length)
  return reading.written()
}

/** New bytes for a quoted-printable body; line ends stay line ends. */
export const quotedPrintable = (bytes: string): string =>
  bytes
    .replace(
      /[^\t\r\n -<>-~]/g,
      (byte) => `=${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .replace(/[ \t](?=\r?\n|$)/g, (blank) => (blank === ' ' ? '=20' : '=09'))

const most = 76

/** Lines that became too long by an edit are broken; a body that had such lines before is left alone. */
export function rewrapped(before: string, after: string, lineEnd: string): string {
  const isLong = (text: string): boolean => text.split(/\r?\n/).some((line) => line.length > most)
  if (!isLong(after) || isLong(before)) return after
  return after.replace(/[^\r\n]{77,}/g, (line) => brokenLine(line).join(`=${lineEnd}`))
}

function brokenLine(line: string): string[] {
  const parts: string[] = []
  let at = 0
  while (line.length - at > most) {
    const escape = line.slice(at + most - 3, at + most - 1).indexOf('=')
    const end = at + (escape < 0 ? most - 1 : most - 3 + escape)
    parts.push(line.slice(at, end))
    at = end
  }
  return [...parts, line.slice(at)]
}
