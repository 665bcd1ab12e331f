import { and, eq } from 'drizzle-orm'
import { LetheError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { epochMs } from '../base/instant.ts'
import { append } from '../ledger/append.ts'
import type { Ctx, Reader } from '../ops/db/database.ts'
import { ruleNamed, type Rules } from './rules.ts'
import { tables } from './tables.ts'

/**
 * Lets one version of a rule run from now on, after a person looked at its preview; any change of the rule is a new version.
 * A second approval of the same version changes nothing. Throws `not_found` for an unknown rule, `conflict` when the rule
 * reads otherwise by now. Writes the ledger entry `retention.approved` with the count that was seen (Art. 5(2)).
 */
export async function approveRule(
  ctx: Ctx,
  input: { readonly ruleId: string; readonly version: string; readonly seen?: { readonly due: number } },
  rules: Rules,
): Promise<void> {
  const { tx, actor } = ctx
  const rule = ruleNamed(rules, input.ruleId)
  if (rule.version !== input.version)
    throw new LetheError('conflict', `the rule "${rule.id}" changed since it was looked at`, {
      hint: 'Look at its preview again and approve what it says now.',
    })
  if (await isApproved(tx, rule.id, rule.version)) return
  const { retentionApproval } = tables(tx)
  const row = { id: newId(epochMs(tx.now)), ruleId: rule.id, version: rule.version, by: actor.id, at: tx.now }
  await tx.q.insert(retentionApproval).values(row).onConflictDoNothing()
  await append(ctx, {
    type: 'retention.approved',
    subject: `rule:${rule.id}`,
    body: { version: rule.version, ...(input.seen && { due: input.seen.due }) },
  })
}

/** Whether this very version may run. */
export async function isApproved(reader: Reader, ruleId: string, version: string): Promise<boolean> {
  const { retentionApproval: approval } = tables(reader)
  const rows = await reader.q
    .select({ id: approval.id })
    .from(approval)
    .where(and(eq(approval.ruleId, ruleId), eq(approval.version, version)))
  return rows.length > 0
}
