import type { Context } from 'hono'
import { isLetheError } from '../../base/errors.ts'
import { verifierPage } from '../../evidence/page/build.ts'
import { answerVerifier, evidenceOf, verifier } from '../evidence.ts'
import { type PortalKit, speechOf, visitor } from './env.ts'
import { ownFile, overPage } from './person.ts'

/** What was done about her request, as a page that verifies itself wherever it is kept. */
export const receipt = (kit: PortalKit) => async (c: Context) => {
  const file = await ownFile(kit, c)
  if (!file) return overPage(kit, c)
  const speech = speechOf(c)
  const { reference } = file
  try {
    const evidence = await evidenceOf(kit.deps, visitor, { reference, scope: 'receipt' })
    const page = verifierPage({ language: speech.language, evidence })
    return answerVerifier(c, page, `receipt-${reference}.html`)
  } catch (error) {
    if (!isLetheError(error, 'conflict') && !isLetheError(error, 'not_found')) throw error
    return c.redirect(`${speech.base}/status`, 303)
  }
}

/** For anybody who has evidence of ours: no session, nothing is sent here. */
export const verifyPage = (kit: PortalKit) => async (c: Context) =>
  answerVerifier(c, await verifier(kit.deps, speechOf(c).language))
