import { Hono } from 'hono'
import type { ConsoleEnv, ConsoleKit } from './env.ts'
import { whoIs } from './env.ts'
import { linkPage, signInPage, takeLink, takeSignIn, takeSignOut } from './door.ts'
import { LetheError } from '../../base/errors.ts'

/** The officers' pages. Everything after the door wants a session. */
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
  return app
}
