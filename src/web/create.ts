import { Hono } from 'hono'
import { createConsole } from './console/routes.ts'
import type { ConsoleKit } from './console/env.ts'
import { openJar } from './cookies.ts'
import type { WebDeps } from './deps.ts'
import { loadAssets } from './assets.ts'
import { errorHandler, notFound } from './errors.ts'
import { formLimit, safeHeaders, sameOrigin } from './headers.ts'
import { languages } from './language.ts'
import { behindProxies, defaultLimits, openLimiter } from './limits.ts'
import { createPortal } from './portal/routes.ts'
import { openVisits } from './portal/visit.ts'

/** Something mounted beside the pages: the JSON API, health, metrics. It brings its own limits and sign-in. */
export interface Mount {
  readonly path: string
  readonly app: Hono
}

/**
 * The whole web face: portal, console and what is mounted beside them, as one Hono app for @hono/node-server. Every answer carries the
 * security headers; every page that is somebody's is `no-store`; every form is limited, from our own pages and with a token.
 */
export function createWeb(deps: WebDeps, mounts: readonly Mount[] = []): Hono {
  const assets = loadAssets()
  const jar = openJar(deps.config.url)
  const limiter = openLimiter(deps.limits ?? defaultLimits)
  const kit: ConsoleKit = { deps, assets, jar, limiter }
  const app = new Hono()
  app.onError(errorHandler(deps, assets, kit))
  app.use(safeHeaders(deps.config.url), behindProxies(deps.config.proxies ?? 0))
  app.route('/assets', assets.routes)
  for (const mount of mounts) app.route(mount.path, mount.app)
  const pages = new Hono()
  pages.use(async (c, next) => {
    await limiter.take(c, 'page')
    await next()
  })
  pages.use(sameOrigin(deps.config.url), formLimit())
  pages.route('/console', createConsole(kit))
  const portal = createPortal({ ...kit, visits: openVisits(deps, jar) })
  for (const language of languages) pages.route(`/${language}`, portal)
  pages.route('/', portal)
  app.route('/', pages)
  app.notFound(notFound)
  return app
}
