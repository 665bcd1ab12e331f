import type { Mount } from '../web/create.ts'
import type { App } from './app.ts'

/** What stands beside the pages. */
export const mountsOf = (_app: App): readonly Mount[] => []
