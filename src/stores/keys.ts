import type { Value } from './port.ts'

/**
 * A part of a key as text, so that a list of rows can be kept: NULL and bytes are spelled so that no other text is spelled alike.
 * Wherever the port takes keys it reads these back.
 */
export function keyPart(value: Value | undefined): string {
  if (value === null || value === undefined) return '\0n'
  if (typeof value !== 'string') return `\0x${Buffer.from(value).toString('hex')}`
  return value.startsWith('\0') ? `\0t${value}` : value
}

/** What `keyPart` spelled. */
export function partValue(part: Value): Value {
  if (typeof part !== 'string' || !part.startsWith('\0')) return part
  const rest = part.slice(2)
  if (part[1] === 'n') return null
  return part[1] === 'x' ? new Uint8Array(Buffer.from(rest, 'hex')) : rest
}
