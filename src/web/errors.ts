import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import { LetheError } from '../base/errors.ts'
import type { Assets } from './assets.ts'
import { doorPage, sentence } from './console/frame.ts'
import type { ConsoleKit } from './console/env.ts'
import type { WebDeps } from './deps.ts'
import { html } from './html.ts'
import { speechOf } from './portal/env.ts'
import { page } from './portal/frame.ts'
import { problemOf, problemResponse } from './problem.ts'

/** Errors as pages, in the words of whoever reads them; as problem details for programs. */
export function errorHandler(deps: WebDeps, assets: Assets, consoleKit: ConsoleKit): ErrorHandler {
  return (error, c) => {
    const problem = problemOf(error)
    if (problem.status >= 500)
      deps.log.error('web.error', { method: c.req.method, status: problem.status, error })
    if (wantsProblem(c)) return problemResponse(c, error)
    if (c.req.path.startsWith('/console')) return consoleError(consoleKit, c, error)
    const speech = speechOf(c)
    const [title, text] = speech.words.errors[problem.code]
    const main = html`<div class="column"><h1>${title}</h1><p class="lead">${text}</p><div class="actions">
      <a class="button" href="${speech.base || '/'}">${speech.words.frame.home}</a><a href="${speech.base}/return">${speech.words.frame.follow}</a></div></div>`
    return c.html(page({ deps, assets }, speech, { title, main }), problem.status)
  }
}

function consoleError(kit: ConsoleKit, c: Context, error: unknown) {
  const problem = problemOf(error)
  const main = html`<p class="lead">${sentence(problem.detail)} ${problem.hint ?? ''}</p>
    <div class="actions"><a class="button" href="/console">To the console</a></div>`
  return c.html(doorPage(kit, problem.title, main), problem.status)
}

export const notFound: NotFoundHandler = () => {
  throw new LetheError('not_found', 'there is no page at this address', {
    hint: 'Check the address, or begin at the start.',
  })
}

/** The API always; a page only when the client asks for JSON and not for a page. */
const wantsProblem = (c: Context): boolean => {
  const accept = c.req.header('Accept') ?? ''
  return c.req.path.startsWith('/api/') || (/json/.test(accept) && !accept.includes('text/html'))
}
