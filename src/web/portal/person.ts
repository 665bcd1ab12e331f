import type { Context } from 'hono'
import { personSession } from '../../requests/session.ts'
import { type RequestFile, showRequest } from '../../requests/show.ts'
import type { SessionScope } from '../../requests/tables.ts'
import { look } from '../deps.ts'
import { html } from '../html.ts'
import { type PortalKit, speechOf, visitor } from './env.ts'
import { page } from './frame.ts'

/** The file of whoever proved to be its person in this browser; undefined when no session is open. */
export async function ownFile(kit: PortalKit, c: Context): Promise<RequestFile | undefined> {
  const secret = kit.jar.get(c, 'status') ?? kit.jar.get(c, 'download')
  return secret === undefined ? undefined : fileOf(kit, secret)
}

/** Whether the download is open in this browser, and of which request. */
export async function downloadFile(kit: PortalKit, c: Context): Promise<RequestFile | undefined> {
  const secret = kit.jar.get(c, 'download')
  return secret === undefined ? undefined : fileOf(kit, secret, 'download')
}

const fileOf = (kit: PortalKit, secret: string, scope?: SessionScope): Promise<RequestFile | undefined> =>
  look(kit.deps, visitor, async (ctx) => {
    const session = await personSession(ctx, { session: secret })
    if (!session || (scope !== undefined && session.scope !== scope)) return undefined
    return showRequest(ctx, { reference: session.reference })
  })

/** Instead of somebody's page, when her visit is over. */
export function overPage(kit: PortalKit, c: Context) {
  const speech = speechOf(c)
  const w = speech.words.status
  const main = html`<div class="column"><h1>${w.none}</h1><p class="lead">${w.noneText}</p><div class="actions"><a class="button" href="${speech.base}/return">${speech.words.frame.follow}</a></div></div>`
  return c.html(page(kit, speech, { title: w.none, main }), 401)
}
