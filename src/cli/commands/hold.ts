import type { Command } from 'commander'
import type { App } from '../../app/app.ts'
import { LetheError } from '../../base/errors.ts'
import { liftHold } from '../../holds/lift.ts'
import { type Hold, listHolds } from '../../holds/list.ts'
import { placeHold } from '../../holds/place.ts'
import type { HoldScope } from '../../holds/tables.ts'
import { answer, columns, type Common, type Io } from '../io.ts'
import { act, actorNamed, look, withApp, withBase } from '../open.ts'
import { collect, parseDay, parseIdentity, parseWord } from '../parse.ts'

interface Place extends Common {
  readonly identity?: readonly string[]
  readonly store?: string
  readonly collection?: string
  readonly key?: readonly string[]
  readonly kind: string
  readonly reason: string
  readonly authority: string
  readonly review: string
  readonly blocks?: readonly string[]
  readonly by: string
}

/** `lethe hold`: legal holds (Art. 17(3)(e), 18). */
export function hold(program: Command, io: Io): void {
  const group = program.command('hold').description('legal holds')
  group
    .command('place')
    .description('suspends purge, erasure or both for a person or one record')
    .option('--identity <kind=value>', 'the person; may be given again', collect)
    .option('--store <name>', 'one record: its store')
    .option('--collection <name>', 'one record: its collection')
    .option('--key <value>', 'one record: its key, column by column; may be given again', collect)
    .option('--kind <kind>', 'legal or restriction', 'legal')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--authority <text>', 'who demands it: a court, a case, an article')
    .requiredOption('--review <day>', 'when to look at it again, at most 6 months ahead')
    .option('--blocks <what>', 'purge or erasure; may be given again; both unless said', collect)
    .requiredOption('--by <name>', 'the officer')
    .action((options: Place) => withApp(io, options, (app) => place(io, options, app)))
  group
    .command('lift')
    .description('ends a hold; what it suspended may go at the next run')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why it is no longer needed')
    .requiredOption('--by <name>', 'the officer')
    .action((id: string, options: Common & { reason: string; by: string }) =>
      withBase(io, options, async (base) => {
        const actor = await actorNamed(base, options.by, 'hold.lift')
        await act(base, actor, (ctx) => liftHold(ctx, { id, reason: options.reason }))
        answer(io, options, { id, lifted: true }, () => `lifted ${id}`)
      }),
    )
  group
    .command('list')
    .description('holds in force')
    .option('--all', 'lifted ones too')
    .action((options: Common & { all?: boolean }) =>
      withBase(io, options, async (base) => {
        const holds = await look(base, ({ reader }) => listHolds(reader, { inForce: options.all !== true }))
        answer(io, options, { holds }, () => wordsOf(holds))
      }),
    )
}

async function place(io: Io, options: Place, app: App): Promise<void> {
  const actor = await actorNamed(app, options.by, 'hold.place')
  const blocks = (options.blocks ?? ['purge', 'erasure'])
    .flatMap((text) => text.split(','))
    .map((text) => parseWord('--blocks', text, ['purge', 'erasure']))
  const input = {
    kind: parseWord('--kind', options.kind, ['legal', 'restriction']),
    scope: scopeOf(options, app),
    reason: options.reason,
    authority: options.authority,
    reviewOn: parseDay('--review', options.review),
    timezone: app.company.timezone,
    blocks,
  }
  const placed = await act(app, actor, (ctx) => placeHold(ctx, input))
  answer(io, options, placed, () => `hold ${placed.id} is in force; review it by ${input.reviewOn}`)
}

function scopeOf(options: Place, app: App): HoldScope {
  const { identity = [], store, collection, key = [] } = options
  if (identity.length > 0 && store === undefined && collection === undefined)
    return { kind: 'person', identities: identity.map(parseIdentity) }
  if (identity.length > 0 || store === undefined || collection === undefined || key.length === 0)
    throw new LetheError('invalid', 'a hold is for one person or one record', {
      hint: 'Give --identity, or --store, --collection and --key.',
    })
  const all = [...app.map.collections.values()]
  const found = all.find((c) => c.store === store && (c.name === collection || c.id === collection))
  if (!found)
    throw new LetheError(
      'invalid',
      `the data map has no collection "${collection}" in the store "${store}"`,
      {
        hint: `Collections: ${all.map((c) => `${c.store} ${c.name}`).join(', ')}.`,
      },
    )
  if (key.length !== found.key.length)
    throw new LetheError(
      'invalid',
      `the key of ${found.id} has ${found.key.length} parts, ${key.length} were given`,
      {
        hint: `Give --key for each of ${found.key.join(', ')}.`,
      },
    )
  return { kind: 'record', store, collection: found.id, key }
}

const wordsOf = (holds: readonly Hold[]): string =>
  holds.length === 0
    ? 'no holds'
    : columns([
        ['id', 'scope', 'blocks', 'since', 'review', 'state'],
        ...holds.map((one) => [
          one.id,
          one.scope.kind,
          one.blocks.join('+'),
          one.startOn,
          one.reviewOn,
          one.lifted ? 'lifted' : one.reviewOverdue ? 'review overdue' : 'in force',
        ]),
      ])
