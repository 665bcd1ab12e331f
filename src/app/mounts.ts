import { Hono } from 'hono'
import { createApi } from '../web/api/create.ts'
import { loadAssets } from '../web/assets.ts'
import type { Mount } from '../web/create.ts'
import { createService } from '../web/service.ts'
import type { App } from './app.ts'

/** What stands beside the pages. */
export const mountsOf = (app: App): readonly Mount[] => [
  { path: '/', app: new Hono().route('/api/v1', createApi({ ...app, assets: loadAssets() })) },
  { path: '/', app: createService(app) },
]
