import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Hono } from 'hono'

interface Asset {
  readonly type: string
  readonly body: Uint8Array<ArrayBuffer>
}

export interface Assets {
  /** The address of a file, with its hash, so that it may be kept for ever. */
  url(name: string): string
  readonly routes: Hono
}

const own = join(import.meta.dirname, 'assets')

/** Reads the style sheets, the script and the pictures once, at the start; answers them below /assets. */
export function loadAssets(): Assets {
  const pico = createRequire(import.meta.url).resolve('@picocss/pico/css/pico.min.css')
  const css = ['tokens.css', 'base.css', 'parts.css', 'portal.css', 'console.css']
  const files = new Map<string, Asset>([
    ['pico.css', { type: 'text/css; charset=utf-8', body: readFileSync(pico) }],
    [
      'lethe.css',
      { type: 'text/css; charset=utf-8', body: Buffer.concat(css.map((n) => readFileSync(join(own, n)))) },
    ],
    ['lethe.js', { type: 'text/javascript; charset=utf-8', body: readFileSync(join(own, 'lethe.js')) }],
    ['icon.svg', { type: 'image/svg+xml', body: readFileSync(join(own, 'icon.svg')) }],
    ['river.svg', { type: 'image/svg+xml', body: readFileSync(join(own, 'river.svg')) }],
  ])
  const marks = new Map([...files].map(([name, { body }]) => [name, mark(body)]))
  const routes = new Hono()
  routes.get('/:name', (c) => {
    const file = files.get(c.req.param('name'))
    if (!file) return c.notFound()
    const isMarked = c.req.query('v') === marks.get(c.req.param('name'))
    return c.body(file.body, 200, {
      'Content-Type': file.type,
      'Cache-Control': isMarked ? 'public, max-age=31536000, immutable' : 'no-cache',
    })
  })
  return { url: (name) => `/assets/${name}?v=${marks.get(name) ?? ''}`, routes }
}

const mark = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex').slice(0, 12)
