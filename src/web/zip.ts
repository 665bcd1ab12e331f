import { Readable } from 'node:stream'
import type { Context } from 'hono'

/** Streams an archive to whoever asked; when the reader goes, the source ends too. */
export function zip(
  c: Context,
  stream: Readable,
  file: { readonly fileName: string; readonly bytes?: number },
): Response {
  c.header('Content-Type', 'application/zip')
  c.header('Content-Disposition', `attachment; filename="${file.fileName}"`)
  if (file.bytes !== undefined) c.header('Content-Length', String(file.bytes))
  c.req.raw.signal.addEventListener('abort', () => stream.destroy(), { once: true })
  return c.body(Readable.toWeb(stream) as ReadableStream<Uint8Array>)
}
