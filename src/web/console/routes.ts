import { Hono } from 'hono'
import { LetheError } from '../../base/errors.ts'
import { accountPage, changePassword, endOthers, endToken, takeToken } from './account.ts'
import { linkPage, signInPage, takeLink, takeSignIn, takeSignOut } from './door.ts'
import { type ConsoleEnv, type ConsoleKit, whoIs } from './env.ts'
import { evidenceFile } from './evidence.ts'
import { holdsPage, takeHold, takeLift } from './holds.ts'
import { home } from './home.ts'
import { ledgerPage, verifyChain } from './ledger.ts'
import { mapPage } from './map.ts'
import { newRequestPage, takeNewRequest } from './new-request.ts'
import { changeOfficer, officersPage, takeOfficer } from './officers.ts'
import { othersPage, takeOthers, withheldFile } from './others.ts'
import { requestPage, requestVerb, sealedPackage } from './request.ts'
import { requestsPage, searchRequests } from './requests.ts'
import { approveVersion, retentionPage, rulePage, runNow } from './retention.ts'
import { certificateFile, runPage } from './run.ts'
import { settlePage, takeSettling } from './settle.ts'

/** The officers' pages. Everything after the door wants a session; every page and verb asks the role besides. */
export function createConsole(kit: ConsoleKit): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>()
  app.get('/sign-in', (c) => signInPage(kit)(c)).post(takeSignIn(kit))
  app.get('/link/:token', (c) => linkPage(kit)(c)).post(takeLink(kit))
  app.use(async (c, next) => {
    const signedIn = await whoIs(kit, c)
    if (!signedIn) {
      if (c.req.method === 'GET')
        return c.redirect(`/console/sign-in?to=${encodeURIComponent(c.req.path)}`, 303)
      throw new LetheError('unauthenticated', 'your session is over', {
        hint: 'Sign in; what you sent was not done.',
      })
    }
    c.set('signedIn', signedIn)
    return next()
  })
  app.post('/sign-out', takeSignOut(kit))
  app.get('/', home(kit))
  app.get('/requests', requestsPage(kit))
  app.post('/requests/search', searchRequests(kit))
  app.get('/requests/new', (c) => newRequestPage(kit)(c)).post(takeNewRequest(kit))
  app.get('/requests/:reference', (c) => requestPage(kit)(c))
  app.get('/requests/:reference/evidence.zip', evidenceFile(kit))
  app.get('/requests/:reference/settle', (c) => settlePage(kit)(c))
  app.post('/requests/:reference/settle/:what', takeSettling(kit))
  app.get('/requests/:reference/others', (c) => othersPage(kit)(c)).post(takeOthers(kit))
  app.get('/requests/:reference/withheld.json', withheldFile(kit))
  app.post('/requests/:reference/package', sealedPackage(kit))
  app.post('/requests/:reference/:verb', requestVerb(kit))
  app.get('/retention', retentionPage(kit))
  app.get('/retention/runs/:id', runPage(kit))
  app.get('/retention/runs/:id/certificate.json', certificateFile(kit))
  app.get('/retention/:id', (c) => rulePage(kit)(c))
  app.post('/retention/:id/approve', approveVersion(kit))
  app.post('/retention/:id/run', runNow(kit))
  app.get('/holds', (c) => holdsPage(kit)(c)).post(takeHold(kit))
  app.post('/holds/:id/lift', takeLift(kit))
  app.get('/map', mapPage(kit))
  app.get('/ledger', (c) => ledgerPage(kit)(c))
  app.post('/ledger/verify', verifyChain(kit))
  app.get('/officers', (c) => officersPage(kit)(c)).post(takeOfficer(kit))
  app.post('/officers/:id/:what', changeOfficer(kit))
  app.get('/account', (c) => accountPage(kit)(c))
  app.post('/account/password', changePassword(kit))
  app.post('/account/everywhere', endOthers(kit))
  app.post('/account/tokens', takeToken(kit))
  app.post('/account/tokens/:id/revoke', endToken(kit))
  return app
}
