import type { Command } from 'commander'
import { LetheError } from '../../../base/errors.ts'
import type { Verdict } from '../../../engine/tables.ts'
import { acceptAlso, finishTask, settleRows, unsettledOf } from '../../../requests/settle.ts'
import { showRequest } from '../../../requests/show.ts'
import { answer, type Common, columns, type Io } from '../../io.ts'
import { act, actorNamed, look, withApp } from '../../open.ts'
import { parseIdentity } from '../../parse.ts'

interface DoubtOptions extends Common {
  readonly hers: readonly string[]
  readonly shared: readonly string[]
  readonly other: readonly string[]
  readonly by?: string
}

const gather = (value: string, before: readonly string[]): string[] => [...before, value]

/** `doubt`, `accept`, `task`: what the search could not know, and what only people can do. */
export function settleVerbs(group: Command, io: Io): void {
  group
    .command('doubt')
    .description('rows that wait for a word, and records that may be the same person’s; says whose they are')
    .argument('<reference>')
    .option('--hers <row>', 'this row is the person’s', gather, [])
    .option('--shared <row>', 'this row is the person’s and others’', gather, [])
    .option('--other <row>', 'this row is somebody else’s', gather, [])
    .option('--by <name>', 'the officer; needed to decide')
    .action((reference: string, options: DoubtOptions) => doubt(io, reference, options))
  group
    .command('accept')
    .description('take an address, number or record for the same person’s; the plan is drawn anew')
    .argument('<reference>')
    .requiredOption('--identity <kind=value>', 'one of those that `doubt` lists')
    .requiredOption('--because <text>', 'how you know')
    .requiredOption('--by <name>', 'the officer')
    .action((reference: string, options: Common & { identity: string; because: string; by: string }) =>
      withApp(io, options, async (app) => {
        const actor = await actorNamed(app, options.by, 'request.decide')
        const identity = parseIdentity(options.identity)
        await act(app, actor, (ctx) => acceptAlso(ctx, { reference, identity, because: options.because }))
        const { status } = await look(app, (ctx) => showRequest(ctx, { reference }))
        answer(io, options, { reference, status }, () => `${reference} is ${status}`)
      }),
    )
  group
    .command('task')
    .description('say how a task for people was done; `show` lists them')
    .argument('<reference>')
    .argument('<task>', 'its id')
    .requiredOption('--note <text>', 'what was done, and where the proof is')
    .requiredOption('--by <name>', 'the officer')
    .action((reference: string, taskId: string, options: Common & { note: string; by: string }) =>
      withApp(io, options, async (app) => {
        const actor = await actorNamed(app, options.by, 'request.work')
        await act(app, actor, (ctx) => finishTask(ctx, { reference, taskId, note: options.note }))
        const { status } = await look(app, (ctx) => showRequest(ctx, { reference }))
        answer(io, options, { reference, status }, () => `${reference} is ${status}`)
      }),
    )
}

const doubt = (io: Io, reference: string, options: DoubtOptions): Promise<void> =>
  withApp(io, options, async (app) => {
    const found = await unsettledOf(app.engine, app.db, { reference })
    const said = (['owned', 'shared', 'none'] as const).flatMap((verdict) =>
      chosen(options, verdict).map((row) => ({ row, verdict })),
    )
    if (said.length === 0) {
      const rows = found.rows.map(({ values, ...row }) => ({
        ...row,
        values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shown(value)])),
      }))
      answer(io, options, { reference, rows, candidates: found.candidates }, () =>
        [
          columns([
            ['row', 'collection', 'key', 'values'],
            ...rows.map((one) => [
              one.row.slice(0, 12),
              one.collectionId,
              one.key.join('/'),
              JSON.stringify(one.values),
            ]),
          ]),
          columns([
            ['may be the same person’s', 'because it'],
            ...found.candidates.map((one) => [
              `${one.kind}=${one.value}`,
              `${one.why} (${one.store}.${one.collection})`,
            ]),
          ]),
        ].join('\n\n'),
      )
      return
    }
    if (options.by === undefined)
      throw new LetheError('invalid', '--by: nobody is named who decides', { hint: 'Add --by NAME.' })
    const actor = await actorNamed(app, options.by, 'request.decide')
    const rows = said.map(({ row, verdict }) => {
      const [one, ...more] = found.rows.filter((known) => known.row.startsWith(row))
      if (!one || more.length > 0)
        throw new LetheError('invalid', `"${row}" names ${one ? 'several rows' : 'no row'} in doubt`, {
          hint: 'Take the name of a row as `doubt` without options prints it.',
        })
      return { collectionId: one.collectionId, row: one.row, verdict }
    })
    await act(app, actor, (ctx) => settleRows(ctx, { reference, rows }))
    const { status } = await look(app, (ctx) => showRequest(ctx, { reference }))
    answer(io, options, { reference, status, decided: rows.length }, () => `${reference} is ${status}`)
  })

function chosen(options: DoubtOptions, verdict: Verdict): readonly string[] {
  switch (verdict) {
    case 'owned':
      return options.hers
    case 'shared':
      return options.shared
    case 'none':
      return options.other
  }
}

const shown = (value: string | Uint8Array | null): string | null =>
  value instanceof Uint8Array ? `${value.length} bytes` : value
