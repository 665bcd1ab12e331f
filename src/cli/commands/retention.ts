import type { Command } from 'commander'
import type { App } from '../../app/app.ts'
import { isLetheError } from '../../base/errors.ts'
import { approveRule } from '../../retention/approve.ts'
import { certificateOf, listRuns, type RunRow } from '../../retention/list.ts'
import { type Preview, previewRule } from '../../retention/preview.ts'
import { ruleNamed } from '../../retention/rules.ts'
import { runRule } from '../../retention/run.ts'
import { answer, columns, type Common, type Io, type Outcome } from '../io.ts'
import { act, actorNamed, actorOrOperator, look, withApp } from '../open.ts'
import { parseDay } from '../parse.ts'
import { untilIdle } from '../work.ts'

interface Options extends Common {
  readonly rule?: string
  readonly on?: string
  readonly by?: string
}

/** `lethe retention`: what is due and its end (Art. 5(1)(e)). */
export function retention(program: Command, io: Io, outcome: Outcome): void {
  const group = program.command('retention').description('retention rules and their runs')
  group
    .command('preview')
    .description('what would go and why; writes nothing anywhere')
    .option('--rule <id>', 'only this rule')
    .option('--on <day>', 'as it would be on that day')
    .action((options: Options) => withApp(io, options, (app) => preview(io, options, app)))
  group
    .command('approve')
    .description('lets this version of a rule run, once its preview was looked at')
    .requiredOption('--rule <id>')
    .requiredOption('--by <name>', 'the officer')
    .action((options: Options & { rule: string; by: string }) =>
      withApp(io, options, (app) => approve(io, options, app)),
    )
  group
    .command('run')
    .description('one run now, as the schedule would; exit status 3 for a rule that nobody approved')
    .option('--rule <id>', 'only this rule')
    .option('--by <name>', 'the officer')
    .action((options: Options) => withApp(io, options, (app) => run(io, options, app, outcome)))
  group
    .command('runs')
    .description('runs, the latest first')
    .option('--rule <id>', 'only of this rule')
    .action((options: Options) =>
      withApp(io, options, async (app) => {
        const ruleId = options.rule === undefined ? undefined : ruleNamed(app.rules, options.rule).id
        const runs = await look(app, ({ reader }) => listRuns(reader, ruleId === undefined ? {} : { ruleId }))
        answer(io, options, { runs }, () => (runs.length === 0 ? 'no runs yet' : runsTable(runs)))
      }),
    )
}

const rulesOf = (app: App, id: string | undefined) =>
  id === undefined ? app.rules : [ruleNamed(app.rules, id)]

async function preview(io: Io, options: Options, app: App): Promise<void> {
  const on = options.on === undefined ? undefined : parseDay('--on', options.on)
  const previews: Preview[] = []
  for (const rule of rulesOf(app, options.rule))
    previews.push(await previewRule(app.purge, app.db, { ruleId: rule.id, ...(on && { on }) }, app.rules))
  answer(io, options, { previews }, () =>
    columns([
      ['rule', 'on', 'due', 'would go', 'stays', 'approved'],
      ...previews.map((one) => [
        one.ruleId,
        one.on,
        one.due,
        one.go,
        keptText(one.kept),
        one.approved ? 'yes' : 'no',
      ]),
    ]),
  )
}

async function approve(io: Io, options: Options & { rule: string; by: string }, app: App): Promise<void> {
  const actor = await actorNamed(app, options.by, 'retention.run')
  const seen = await previewRule(app.purge, app.db, { ruleId: options.rule }, app.rules)
  const input = { ruleId: seen.ruleId, version: seen.version, seen: { due: seen.due } }
  await act(app, actor, (ctx) => approveRule(ctx, input, app.rules))
  answer(
    io,
    options,
    { ruleId: seen.ruleId, version: seen.version, due: seen.due, go: seen.go },
    () => `${seen.ruleId} may run; today ${seen.go} of ${seen.due} due records would go`,
  )
}

interface Ran {
  readonly ruleId: string
  readonly runId: string | null
  readonly status: RunRow['status'] | 'not approved'
  readonly counts: RunRow['counts'] | null
  readonly certificate: unknown
}

/** Places what is approved, then works until it is over; the rules that nobody approved are told and left alone. */
async function run(io: Io, options: Options, app: App, outcome: Outcome): Promise<void> {
  const actor = await actorOrOperator(app, options.by, 'retention.run')
  const slot = app.clock.now()
  const placed: { readonly ruleId: string; readonly runId: string | undefined }[] = []
  for (const { id } of rulesOf(app, options.rule)) {
    try {
      const { runId } = await act(app, actor, (ctx) => runRule(ctx, { ruleId: id, slot }, app.rules))
      placed.push({ ruleId: id, runId })
    } catch (error) {
      // Of several, one that may not run does not stop the others; asked for by name it is the answer.
      if (!isLetheError(error, 'refused') || options.rule !== undefined) throw error
      placed.push({ ruleId: id, runId: undefined })
    }
  }
  if (placed.some((one) => one.runId !== undefined)) await untilIdle(app)
  const ran = await look(app, async ({ reader }) => {
    const results: Ran[] = []
    for (const { ruleId, runId } of placed) {
      const row =
        runId === undefined ? undefined : (await listRuns(reader, { ruleId })).find((one) => one.id === runId)
      const certificate = row === undefined ? undefined : await certificateOf(reader, row.id)
      results.push({
        ruleId,
        runId: runId ?? null,
        status: row?.status ?? 'not approved',
        counts: row?.counts ?? null,
        certificate: certificate ?? null,
      })
    }
    return results
  })
  if (ran.some((one) => one.status === 'not approved' || one.status === 'stopped')) outcome.status = 3
  if (ran.some((one) => one.status === 'running')) outcome.status = 4
  answer(io, options, { slot, runs: ran }, () => wordsOf(ran))
}

function wordsOf(ran: readonly Ran[]): string {
  const lines = ran.map(({ ruleId, status, counts }) => [
    ruleId,
    status,
    counts?.due ?? '',
    counts?.done ?? '',
    counts?.files ?? '',
    counts ? keptText(counts.kept) : '',
  ])
  const waiting = ran.filter((one) => one.status === 'not approved').map((one) => one.ruleId)
  const table = columns([['rule', 'status', 'due', 'gone', 'files', 'stays'], ...lines])
  return waiting.length === 0
    ? table
    : `${table}\nnew or changed, nobody approved: ${waiting.join(', ')}; lethe retention preview, then lethe retention approve --rule ID --by NAME`
}

const runsTable = (runs: readonly RunRow[]): string =>
  columns([
    ['run', 'rule', 'status', 'started', 'due', 'gone', 'stays'],
    ...runs.map((one) => [
      one.id,
      one.ruleId,
      one.status,
      one.startedAt,
      one.counts.due,
      one.counts.done,
      keptText(one.counts.kept),
    ]),
  ])

const keptText = (kept: Readonly<Partial<Record<string, number>>>): string =>
  Object.entries(kept)
    .map(([why, rows]) => `${rows} ${why}`)
    .join(', ')
