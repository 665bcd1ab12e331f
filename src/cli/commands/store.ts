import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import type { App } from '../../app/app.ts'
import { LetheError } from '../../base/errors.ts'
import type { Identity } from '../../base/identity.ts'
import { coverage } from '../../datamap/coverage.ts'
import { liveMap } from '../../datamap/live.ts'
import { booksFor, type Residue, scanForPersons, type UnreadPart } from '../../engine/verify/scan.ts'
import { checkLive } from '../../stores/check.ts'
import type { Store } from '../../stores/port.ts'
import { type Down, downOf, reachStores } from '../../stores/reach.ts'
import { answer, type Common, columns, type Io, type Outcome } from '../io.ts'
import { withApp } from '../open.ts'
import { collect, parseIdentity, parseWord } from '../parse.ts'
import { lineOf } from './check.ts'

/** `lethe store`: the systems that hold personal data; all of it reads only. */
export function store(program: Command, io: Io, outcome: Outcome): void {
  const group = program.command('store').description('systems that hold personal data')
  const one = (
    name: string,
    words: string,
    work: (io: Io, options: Common, stores: Chosen, outcome: Outcome) => Promise<void>,
  ) =>
    group
      .command(name)
      .description(words)
      .argument('[store]', 'only this one')
      .action((only: string | undefined, options: Common) =>
        withApp(io, options, (app) => work(io, options, chosen(app, only), outcome)),
      )
  one('list', 'stores and whether they answer; exit status 4 when one does not', list)
  one('check', 'schema drift against the data map; exit status 1 when something must be done', check)
  one('coverage', 'columns declared or not; exit status 1 when one is not', cover)
  group
    .command('scan')
    .description(
      'reads every column and file for people’s identifiers, in every encoding; exit status 1 when one is found',
    )
    .argument('[store]', 'only this one')
    .option('--identity <kind=value>', 'of one person, in any spelling; may be given again', collect)
    .option('--from <file>', 'a person a line, kind=value;kind=value …; - reads them from the input')
    .action((only: string | undefined, options: Scan) =>
      withApp(io, options, (app) => scan(io, options, chosen(app, only), outcome)),
    )
}

interface Chosen {
  readonly app: App
  readonly stores: readonly Store[]
}

function chosen(app: App, only: string | undefined): Chosen {
  const names =
    only === undefined ? [...app.stores.keys()] : [parseWord('store', only, [...app.stores.keys()])]
  return { app, stores: names.map((name) => app.stores.get(name) as Store) }
}

async function list(io: Io, options: Common, { app, stores }: Chosen, outcome: Outcome): Promise<void> {
  const { catalogues, down } = await reachStores(stores)
  const rows = stores.map(({ name, kind }) => ({
    name,
    kind,
    map: app.storeConfigs.find((config) => config.name === name)?.map ?? '',
    reachable: catalogues.has(name),
    tables: catalogues.get(name)?.tables.length ?? 0,
    problem: down.find((one) => one.store === name)?.message ?? null,
  }))
  if (down.length > 0) outcome.status = 4
  answer(io, options, { stores: rows }, () =>
    columns([
      ['store', 'kind', 'answers', 'tables', 'data map'],
      ...rows.map((row) => [
        row.name,
        row.kind,
        row.reachable ? 'yes' : `no: ${row.problem}`,
        row.tables,
        row.map,
      ]),
    ]),
  )
}

async function check(io: Io, options: Common, { app, stores }: Chosen, outcome: Outcome): Promise<void> {
  const { catalogues, down } = await reachStores(stores)
  const findings = await checkLive(app.stores, liveMap(app.map, catalogues), catalogues)
  const found = findings.filter((finding) => finding.level !== 'note').length
  outcome.status = found > 0 ? 1 : down.length > 0 ? 4 : 0
  answer(io, options, { ok: outcome.status === 0, findings, storesDown: down }, () =>
    [...findings.map(lineOf), ...downLines(down), `${found} findings, ${findings.length - found} notes`].join(
      '\n',
    ),
  )
}

async function cover(io: Io, options: Common, { app, stores }: Chosen, outcome: Outcome): Promise<void> {
  const { catalogues, down } = await reachStores(stores)
  const found = coverage(app.map, catalogues)
  const unknown = found.reduce((sum, one) => sum + one.unknownColumns, 0)
  outcome.status = down.length > 0 ? 4 : unknown > 0 ? 1 : 0
  answer(io, options, { stores: found, unknownColumns: unknown, storesDown: down }, () =>
    [
      ...found.flatMap((one) => [
        `${one.store}: ${one.declaredColumns} columns declared, ${one.unknownColumns} not`,
        ...one.tables.flatMap((table) => table.unknown.map((column) => `  ${table.table}.${column}`)),
        ...one.unknownTables.map((table) => `  ${table} (the whole table)`),
      ]),
      ...downLines(down),
    ].join('\n'),
  )
}

type Scan = Common & { readonly identity?: readonly string[]; readonly from?: string }

async function scan(io: Io, options: Scan, { app, stores }: Chosen, outcome: Outcome): Promise<void> {
  const persons = await personsOf(io, options)
  const found: Residue[] = []
  const unread: UnreadPart[] = []
  const down: Down[] = []
  const hash = (text: string) => app.db.keys.hash('residue', text)
  const bookOf = booksFor(app.engine, persons)
  for (const { name } of stores)
    try {
      const scanned = await scanForPersons(app.engine, name, persons, { hash, bookOf })
      found.push(...scanned.residue)
      unread.push(...scanned.unread)
    } catch (error) {
      if (error instanceof LetheError && error.code === 'invalid') throw error
      down.push(downOf(name, error))
    }
  outcome.status = down.length > 0 ? 4 : found.length > 0 ? 1 : 0
  const rows = found.reduce((sum, one) => sum + one.rows, 0)
  answer(io, options, { found, rows, unread, storesDown: down }, () =>
    scanLines(found, unread, down).join('\n'),
  )
}

function scanLines(
  found: readonly Residue[],
  unread: readonly UnreadPart[],
  down: readonly Down[],
): string[] {
  const many = found.some((one) => one.persons !== undefined)
  const head = ['store', 'table', 'column', 'rows', 'written in', 'kept on', ...(many ? ['lines'] : [])]
  const rows = found.map((one) => [
    one.store,
    one.table,
    one.column,
    one.rows,
    one.path ?? '',
    one.ground ?? '',
    // As an editor counts the lines of the file they came from.
    ...(many ? [(one.persons ?? []).map((person) => person + 1).join(',')] : []),
  ])
  return [
    found.length === 0 ? 'nothing found' : columns([head, ...rows]),
    ...unread.map(
      (one) => `not read: ${one.store} ${one.table}.${one.column}, ${one.rows} of them: ${one.why}`,
    ),
    ...downLines(down),
  ]
}

/** One person by options, or one a line by a file, where an address in a shell's history would be one too many. */
async function personsOf(io: Io, { identity, from }: Scan): Promise<Identity[][]> {
  if ((identity === undefined) === (from === undefined))
    throw new LetheError('invalid', 'either --identity or --from says who is looked for', {
      hint: 'Give --identity email=…, or --from FILE with a person on each line.',
    })
  if (from === undefined) return [(identity ?? []).map(parseIdentity)]
  const lines = (from === '-' ? await text(io.stdin) : readLines(resolve(io.cwd, from))).trimEnd().split('\n')
  return lines.map((line) =>
    line
      .split(/[\t;]/)
      .filter((one) => one.trim() !== '')
      .map(parseIdentity),
  )
}

function readLines(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new LetheError('invalid', `--from: ${path} does not open`, {
      hint: 'Give a file with a person on each line: email=ann@example.org;phone=+31612345678.',
    })
  }
}

const downLines = (down: readonly Down[]): string[] =>
  down.map((one) => `down     ${one.message}\n         ${one.hint}`)
