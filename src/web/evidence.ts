import type { Context } from 'hono'
import type { Actor } from '../base/actor.ts'
import { gatherEvidence } from '../evidence/gather.ts'
import type { Evidence } from '../evidence/model.ts'
import { type VerifierPage, verifierPage } from '../evidence/page/build.ts'
import { publicKeys } from '../ledger/signing.ts'
import type { WebDeps } from './deps.ts'

/** What the ledger says of a request, proved up to now. */
export const evidenceOf = (
  deps: Pick<WebDeps, 'db' | 'clock' | 'company' | 'config'>,
  actor: Actor,
  input: { readonly reference: string; readonly scope: Evidence['scope'] },
): Promise<Evidence> =>
  deps.db.transact((tx) =>
    gatherEvidence(
      { actor, clock: deps.clock, tx },
      {
        subject: `request:${input.reference}`,
        scope: input.scope,
        issuer: { name: deps.company.name, url: deps.config.url },
      },
    ),
  )

/** The page that verifies, from our own site: it knows our keys, so that people need not bring the fingerprint. */
export async function verifier(deps: Pick<WebDeps, 'db'>, language: string): Promise<VerifierPage> {
  const keys = await deps.db.read(publicKeys)
  return verifierPage({ language, fingerprints: keys.map((one) => one.key) })
}

/** Its script stands in the page, so it brings a policy of its own. */
export function answerVerifier(c: Context, { html, policy }: VerifierPage, fileName?: string): Response {
  c.header('Content-Security-Policy', `${policy}; frame-ancestors 'none'`)
  if (fileName !== undefined) c.header('Content-Disposition', `attachment; filename="${fileName}"`)
  return c.html(html) as Response
}
