import type { Command } from 'commander'
import { LetheError } from '../../../base/errors.ts'
import type { OthersChoice } from '../../../engine/others/choices.ts'
import { othersIn, settleOthers, withheldFor } from '../../../requests/others.ts'
import { answer, type Common, columns, type Io } from '../../io.ts'
import { act, actorNamed, look, withApp } from '../../open.ts'

interface OthersOptions extends Common {
  readonly hide: readonly string[]
  readonly leave: readonly string[]
  readonly rule: readonly string[]
  readonly log?: true
  readonly by?: string
}

const gather = (value: string, before: readonly string[]): string[] => [...before, value]

/** `others`: who else stands in the copy, what becomes of it, and what was withheld. */
export function othersVerb(group: Command, io: Io): void {
  group
    .command('others')
    .description('passages of the copy that name other people; withholds or leaves them')
    .argument('<reference>')
    .option('--hide <what>', 'withhold: a passage, or all of a collection', gather, [])
    .option('--leave <what>', 'leave: a passage, or all of a collection', gather, [])
    .option('--rule <what>', 'by the rule again: a passage, or all of a collection', gather, [])
    .option('--log', 'the redaction log of the copy that was made')
    .option('--by <name>', 'the officer; needed to choose')
    .action((reference: string, options: OthersOptions) => others(io, reference, options))
}

const others = (io: Io, reference: string, options: OthersOptions): Promise<void> =>
  withApp(io, options, async (app) => {
    if (options.log) {
      const withheld = await look(app, (ctx) => withheldFor(ctx, { reference }))
      return answer(io, options, { reference, withheld }, () =>
        columns([
          ['collection', 'row', 'field', 'kind', 'by', 'count'],
          ...withheld.map((one) => [
            one.collectionId,
            one.row.slice(0, 12),
            one.field,
            one.kind,
            one.by,
            `${one.count}`,
          ]),
        ]),
      )
    }
    const passages = await othersIn(app.engine, app.db, { reference })
    const said = (['hide', 'leave', 'rule'] as const).flatMap((choice) =>
      options[choice].map((what) => ({ what, choice })),
    )
    if (said.length === 0)
      return answer(io, options, { reference, passages }, () =>
        columns([
          ['passage', 'collection', 'key', 'field', 'names', 'becomes', 'around'],
          ...passages.map((one) => [
            one.passage.slice(0, 12),
            one.collectionId,
            one.key.join('/'),
            one.field,
            one.value,
            one.chosen ?? one.rule,
            one.around.text.replace(/\s+/g, ' '),
          ]),
        ]),
      )
    if (options.by === undefined)
      throw new LetheError('invalid', '--by: nobody is named who chooses', { hint: 'Add --by NAME.' })
    const actor = await actorNamed(app, options.by, 'request.decide')
    const choices = said.map(({ what, choice }): OthersChoice => {
      if (passages.some(({ collectionId }) => collectionId === what)) return { collectionId: what, choice }
      const [one, ...more] = passages.filter(({ passage }) => passage.startsWith(what))
      if (!one || more.length > 0)
        throw new LetheError('invalid', `"${what}" names ${one ? 'several passages' : 'no passage'}`, {
          hint: 'Take a passage or a collection as `others` without options prints it.',
        })
      return { collectionId: one.collectionId, passage: one.passage, choice }
    })
    await act(app, actor, (ctx) => settleOthers(ctx, { reference, choices }))
    answer(
      io,
      options,
      { reference, chosen: choices.length },
      () => `${choices.length} chosen in ${reference}`,
    )
  })
