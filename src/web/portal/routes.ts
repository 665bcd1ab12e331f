import { Hono } from 'hono'
import { askCountry, askEmail, askPhone, review, send, takeCountry, takeEmail, takePhone } from './ask.ts'
import type { PortalKit } from './env.ts'
import { home } from './home.ts'
import { changeAddress, inbox, sendAgain, takeCode } from './inbox.ts'
import { followLink, linkPage } from './link.ts'
import { answerPage, askDownloadCode, download, openDownload } from './answer.ts'
import { receipt, verifyPage } from './receipt.ts'
import { askLink, linkSent, returnPage } from './return.ts'
import { leave, statusPage, takeWithdrawal, withdrawPage } from './status.ts'

/** The customer's pages; mounted bare and below each language. */
export function createPortal(kit: PortalKit): Hono {
  const app = new Hono()
  app.get('/', home(kit))
  app.get('/ask/:right{access|erasure}', (c) => askEmail(kit)(c)).post(takeEmail(kit))
  app.get('/ask/phone', (c) => askPhone(kit)(c)).post(takePhone(kit))
  app.get('/ask/country', (c) => askCountry(kit)(c)).post(takeCountry(kit))
  app.get('/ask/review', review(kit)).post(send(kit))
  app.get('/inbox', (c) => inbox(kit)(c))
  app.post('/inbox/code', takeCode(kit))
  app.post('/inbox/again', sendAgain(kit))
  app.post('/inbox/change', changeAddress(kit))
  for (const path of ['/link/:token', '/confirm/:token']) app.get(path, linkPage(kit)).post(followLink(kit))
  app.get('/return', (c) => returnPage(kit)(c)).post(askLink(kit))
  app.get('/return/sent', linkSent(kit))
  app.get('/status', statusPage(kit))
  app.get('/status/withdraw', withdrawPage(kit)).post(takeWithdrawal(kit))
  app.post('/status/leave', leave(kit))
  app.get('/receipt', receipt(kit))
  app.get('/verify', verifyPage(kit))
  app.get('/answer', (c) => answerPage(kit)(c))
  app.post('/answer/code', askDownloadCode(kit))
  app.post('/answer/open', openDownload(kit))
  app.get('/answer/download', download(kit))
  return app
}
