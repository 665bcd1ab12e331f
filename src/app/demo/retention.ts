import { addDays, localDateAt } from '../../base/calendar.ts'
import { placeHold } from '../../holds/place.ts'
import { approveRule } from '../../retention/approve.ts'
import { listRuns, type RunRow } from '../../retention/list.ts'
import { runRule } from '../../retention/run.ts'
import { cast } from '../../demo/cast.ts'
import type { App } from '../app.ts'
import { act, type DemoOfficers } from './people.ts'
import { work } from './requests.ts'

/** Approves the shipped rules, as somebody must before any of them runs. */
export async function approveRules(app: App, { approver }: DemoOfficers): Promise<void> {
  for (const rule of app.rules)
    await act(app, approver, (ctx) => approveRule(ctx, { ruleId: rule.id, version: rule.version }, app.rules))
}

/** A claim is pending: nothing of this person may go. */
export const holdOne = (app: App, { officer }: DemoOfficers): Promise<{ id: string }> =>
  act(app, officer, (ctx) =>
    placeHold(ctx, {
      scope: { kind: 'person', identities: [{ kind: 'email', value: cast.willem.emails[0] as string }] },
      reason: 'The person disputes an invoice; the calls about it are evidence.',
      authority: 'Rechtbank Amsterdam, claim of our own legal department',
      reviewOn: addDays(localDateAt(app.clock.now(), app.company.timezone), 120),
      timezone: app.company.timezone,
      blocks: ['purge', 'erasure'],
    }),
  )

/** Runs rules now, as their schedules would tonight, and answers what each did. */
export async function runRules(
  app: App,
  { approver }: DemoOfficers,
  ids?: readonly string[],
): Promise<RunRow[]> {
  const slot = app.clock.now()
  const rules = app.rules.filter((rule) => ids === undefined || ids.includes(rule.id))
  for (const rule of rules)
    await act(app, approver, (ctx) => runRule(ctx, { ruleId: rule.id, slot }, app.rules))
  await work(app)
  return app.db.read((reader) => listRuns(reader))
}
