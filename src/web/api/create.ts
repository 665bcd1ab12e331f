import { OpenAPIHono } from '@hono/zod-openapi'
import { LetheError } from '../../base/errors.ts'
import type { Assets } from '../assets.ts'
import { defaultLimits, openLimiter } from '../limits.ts'
import { problemOf, problemResponse } from '../problem.ts'
import { docsPage } from './docs.ts'
import { type ApiEnv, door, limitedBody } from './door.ts'
import type { Api, ApiDeps } from './endpoint.ts'
import { evidenceResources } from './resources/evidence.ts'
import { holdResources } from './resources/holds.ts'
import { ledgerResources } from './resources/ledger.ts'
import { otherResources } from './resources/others.ts'
import { packageResources } from './resources/package.ts'
import { requestResources } from './resources/requests.ts'
import { retentionResources } from './resources/retention.ts'
import { settleResources } from './resources/settle.ts'
import { thirdPartyResources } from './resources/third-parties.ts'
import { requestVerbs } from './resources/verbs.ts'

const description = `Everything an officer does, for programs. A token acts in an officer's name, with its scopes and that
officer's role. Errors are problem details (RFC 9457) with a \`code\` and a \`hint\`. A POST with an \`Idempotency-Key\` may be
sent again: it answers the same and does nothing the second time. Lists go on with \`cursor\`. No personal data stands in
a URL.`

/** The JSON API, to be mounted at /api/v1: bearer tokens with scopes, OpenAPI 3.1 of itself, a readable reference. */
export function createApi(
  deps: ApiDeps & { readonly assets: Pick<Assets, 'url'>; readonly callsPerMinute?: number },
): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>()
  const limiter = openLimiter(defaultLimits)
  app.onError((error, c) => {
    const { status } = problemOf(error)
    if (status >= 500)
      deps.log.error('api.error', { method: c.req.method, route: c.req.routePath, status, error })
    return problemResponse(c, error)
  })
  app.notFound(() => {
    throw new LetheError('not_found', 'there is no resource at this address', {
      hint: 'The reference is at /api/v1/docs.',
    })
  })
  const config = {
    openapi: '3.1.0',
    info: { title: 'Lethe', version: '1', description },
    servers: [{ url: `${deps.config.url}/api/v1` }],
  }
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' })
  app.get('/openapi.json', async (c, next) => {
    await limiter.take(c, 'page')
    await next()
  })
  app.get('/docs', async (c) => {
    await limiter.take(c, 'page')
    return c.html(docsPage(app.getOpenAPI31Document(config), deps.assets))
  })
  app.doc31('/openapi.json', config)
  app.use(limitedBody(), door(deps.db, limiter, deps.callsPerMinute))
  const api: Api = { app, deps }
  otherResources(api)
  requestResources(api)
  requestVerbs(api)
  settleResources(api)
  thirdPartyResources(api)
  packageResources(api)
  holdResources(api)
  retentionResources(api)
  ledgerResources(api)
  evidenceResources(api)
  return app
}
