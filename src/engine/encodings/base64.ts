import { carried, uncarried } from './bytes.ts'
import { Unreadable } from './unreadable.ts'
import type { Opened } from './whole.ts'

/**
 * Opens base64, either alphabet, in lines or in one; what closes it again keeps alphabet, line length, line ends and padding.
 * Throws `Unreadable` where any other sign stands.
 */
export function openBase64(bytes: Uint8Array): Opened {
  const source = carried(bytes)
  const body = source.trim()
  const start = source.length - source.trimStart().length
  const [before, after] = [source.slice(0, start), source.slice(start + body.length)]
  const line = /^[^\r\n]+/.exec(body)?.[0].length ?? 0
  const lineEnd = /\r?\n/.exec(body)?.[0] ?? ''
  const signs = body.replace(/[\r\n\t ]+/g, '')
  const isUrl = /[-_]/.test(signs)
  if (!/^[\w+/-]*={0,2}$/.test(signs) || (isUrl && /[+/]/.test(signs)))
    throw new Unreadable('base64', 'the text has signs that base64 has not')
  const solid = signs.replace(/=+$/, '')
  if (solid.length % 4 === 1 || (solid !== signs && signs.length % 4 !== 0))
    throw new Unreadable('base64', 'the text is cut off')
  return {
    inner: Buffer.from(solid, 'base64'),
    close(inner) {
      const whole = Buffer.from(inner).toString(isUrl ? 'base64url' : 'base64')
      const bare = whole.replace(/=+$/, '')
      const isPadded = signs !== solid || solid.length % 4 === 0
      const padded = isPadded ? bare.padEnd(Math.ceil(bare.length / 4) * 4, '=') : bare
      const lines =
        lineEnd === '' ? padded : (padded.match(new RegExp(`.{1,${line}}`, 'g')) ?? []).join(lineEnd)
      return uncarried(before + lines + after)
    },
  }
}
