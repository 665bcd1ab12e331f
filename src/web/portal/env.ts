import type { Context } from 'hono'
import type { Actor } from '../../base/actor.ts'
import type { Assets } from '../assets.ts'
import type { Jar } from '../cookies.ts'
import type { WebDeps } from '../deps.ts'
import { type Form, readForm } from '../forms.ts'
import { isLanguage, type Language, negotiate } from '../language.ts'
import type { Limiter } from '../limits.ts'
import { type PortalWords, wordsIn } from './words/words.ts'
import type { Visit, Visits } from './visit.ts'

/** What every page of the portal is given besides its request. */
export interface PortalKit {
  readonly deps: WebDeps
  readonly assets: Assets
  readonly jar: Jar
  readonly visits: Visits
  readonly limiter: Limiter
}

/** The language of a page and how its links begin: `/nl` where the address says so, nothing where the browser does. */
export interface Speech {
  readonly language: Language
  readonly words: PortalWords
  readonly base: string
  /** The path without its language. */
  readonly path: string
}

export function speechOf(c: Context): Speech {
  const [, first = ''] = c.req.path.split('/')
  const named = isLanguage(first)
  const language = named ? first : negotiate(c.req.header('Accept-Language'))
  if (!named) c.header('Vary', 'Accept-Language')
  return {
    language,
    words: wordsIn(language),
    base: named ? `/${first}` : '',
    path: (named ? c.req.path.slice(first.length + 1) : c.req.path) || '/',
  }
}

/** Somebody on the portal who proved nothing yet. */
export const visitor: Actor = { kind: 'person', id: 'portal' }

/** The form of this visit; throws `forbidden` when it is another's. */
export async function visitForm(kit: PortalKit, c: Context): Promise<{ form: Form; visit: Visit }> {
  const visit = kit.visits.read(c)
  return { form: await readForm(c, kit.visits.formToken(visit)), visit }
}
