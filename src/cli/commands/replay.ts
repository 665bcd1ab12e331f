import type { Command } from 'commander'
import type { App } from '../../app/app.ts'
import { isLetheError, LetheError } from '../../base/errors.ts'
import { type Instant, parseInstant } from '../../base/instant.ts'
import { type Canary, lookAtStore } from '../../engine/replay/canary.ts'
import { readLines } from '../../engine/replay/file.ts'
import { forgottenBefore } from '../../engine/replay/forget.ts'
import { importErasures } from '../../engine/replay/import.ts'
import { type Replay, replayOf } from '../../engine/replay/show.ts'
import { demandRestored, startReplay } from '../../engine/replay/start.ts'
import { type Down, downOf } from '../../stores/reach.ts'
import { answer, columns, type Common, type Io, say, type Outcome } from '../io.ts'
import { act, actorOrOperator, look, withApp } from '../open.ts'
import { collect, parseWord } from '../parse.ts'
import { untilIdle } from '../work.ts'

interface Options extends Common {
  readonly store?: string
  readonly since?: string
  readonly ledger?: readonly string[]
  readonly live?: boolean
  readonly check?: boolean
  readonly by?: string
}

/** `lethe replay`: erases again what a restored backup brought back (Art. 17). */
export function replay(program: Command, io: Io, outcome: Outcome): void {
  program
    .command('replay')
    .description('erases again, in a restored store, everyone erased since the backup')
    .option('--store <name>', 'the store that was restored')
    .option('--since <moment>', 'when the backup was made, with offset: 2026-03-05T10:00:00+01:00')
    .option('--ledger <file>', 'first takes over an erasures.jsonl; may be given again', collect)
    .option('--live', 'even where the store does not look restored')
    .option('--check', 'only says whether stores look restored; exit status 1 when one does')
    .option('--by <name>', 'the officer')
    .action((options: Options) =>
      withApp(io, options, (app) =>
        options.check ? check(io, options, app, outcome) : run(io, options, app, outcome),
      ),
    )
}

async function check(io: Io, options: Options, app: App, outcome: Outcome): Promise<void> {
  const names = [...app.stores.keys()]
  const chosen = options.store === undefined ? names : [parseWord('--store', options.store, names)]
  const seen: Canary[] = []
  const down: Down[] = []
  for (const store of chosen)
    try {
      seen.push(await lookAtStore(app.engine, app.db, { store }))
    } catch (error) {
      down.push(downOf(store, error))
    }
  outcome.status = down.length > 0 ? 4 : seen.some(({ state }) => state === 'back') ? 1 : 0
  answer(io, options, { stores: seen, storesDown: down }, () =>
    [...seen.map(wordsOfCanary), ...down.map(({ message }) => message)].join('\n'),
  )
}

const wordsOfCanary = ({ store, state, rows, before }: Canary): string => {
  switch (state) {
    case 'clear':
      return `${store}: nothing that was erased stands in it`
    case 'unknown':
      return `${store}: no receipt speaks of a row by which it could be told`
    case 'back':
      return `${store}: seems restored from a backup of before ${before}; ${rows} erased rows stand in it again. Run: lethe replay --store ${store} --since ${before}`
  }
}

async function run(io: Io, options: Options, app: App, outcome: Outcome): Promise<void> {
  const store = parseWord('--store', given('--store', options.store), [...app.stores.keys()])
  const since = sinceOf(given('--since', options.since))
  const actor = await actorOrOperator(app, options.by, 'request.approve')
  for (const path of options.ledger ?? []) {
    const { lines, cut } = await readLines(path, app.db.keys)
    const taken = await act(app, actor, (ctx) => importErasures(ctx, { lines }))
    say(io, `${path}: ${taken.erasures} erasures and ${taken.suppressions} suppressions that were not known`)
    if (cut > 0) say(io, `${path}: ${cut} lines are cut off and were left aside`)
  }
  await demandRestored(app.engine, app.db, { store, since, live: options.live ?? false })
  const { replayId } = await act(app, actor, (ctx) => startReplay(ctx, { store, since }))
  await untilIdle(app)
  const done = await look(app, ({ reader }) => replayOf(reader, replayId))
  outcome.status = statusOf(done)
  const isTooOld = since < forgottenOf(app)
  if (isTooOld) {
    outcome.status ||= 1
    say(
      io,
      'the backup is older than the erasure ledger is kept: of who was erased first after it nothing is known',
    )
  }
  answer(io, options, { ...done, olderThanLedger: isTooOld }, () => wordsOf(done))
}

const forgottenOf = (app: App): Instant => {
  const { erasureKeep } = app.engine
  return erasureKeep ? forgottenBefore(erasureKeep, app.clock.now()) : ('' as Instant)
}

function given(option: string, value: string | undefined): string {
  if (value !== undefined) return value
  throw new LetheError('invalid', `${option} is missing`, {
    hint: 'Write lethe replay --store NAME --since 2026-03-05T10:00:00+01:00, or lethe replay --check.',
  })
}

function sinceOf(text: string): Instant {
  try {
    return parseInstant(text)
  } catch (error) {
    if (!isLetheError(error)) throw error
    throw new LetheError('invalid', `--since: ${error.message}`, error.hint ? { hint: error.hint } : {})
  }
}

/** Stopped by a hold or what was left over is for a person; what is not over yet goes on with `lethe work`. */
function statusOf({ status, orders, left }: Replay): number {
  if (status !== 'done') return 4
  if (orders.some((order) => order.status === 'stopped')) return 3
  return left.length > 0 ? 1 : 0
}

const leftWords: Readonly<Record<Replay['left'][number]['why'], string>> = {
  again: 'are hers and stand still',
  changed: 'have a key that was erased, and are another’s by what stands in them',
  newer: 'have a key that was erased, and were made after it',
  unlisted: 'carry an address or number of somebody erased, and no receipt speaks of them',
}

function wordsOf(done: Replay): string {
  if (done.status !== 'done') return `not over yet (${done.status}); lethe work --until-idle goes on with it`
  if (done.back === 0 && done.left.length === 0)
    return `nothing left: nothing of what was erased since ${done.since} stands in ${done.store}`
  return [
    `${done.back} rows of ${done.orders.length} of ${done.erasures} erasures had come back`,
    ...(done.orders.length === 0
      ? []
      : [columns([['order', 'status', 'done'], ...done.orders.map((o) => [o.origin, o.status, o.done])])]),
    ...done.orders.flatMap((o) =>
      o.status === 'stopped' ? o.findings.map((f) => `${o.origin}: ${f.message}`) : [],
    ),
    ...[...new Set(done.orders.flatMap((o) => o.tasks))].map((task) => `for a person: ${task}`),
    ...done.left.map(({ collection, why, rows }) => `left: ${rows} in ${collection} ${leftWords[why]}`),
    ...done.purged.map(
      ({ origin, collection, rows }) =>
        `${rows} rows of ${collection} that ${origin} purged since may be back: the rule’s next run takes them`,
    ),
  ].join('\n')
}
